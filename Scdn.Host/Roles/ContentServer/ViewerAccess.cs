using System.Collections.Concurrent;
using System.Security.Cryptography;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Host.Feed;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Parts;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>
/// Judges every request to a content server: an authentication key that a gateway signed, for this server, not expired, not revoked; or a ticket of
/// another server that copies. A key that was seen before costs two look-ups.
/// </summary>
internal sealed class ViewerAccess : IPartAccess
{
    private const int MaxVerified = 20_000;

    private readonly ConcurrentDictionary<string, Verified> _verified = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Verified>.AlternateLookup<ReadOnlySpan<char>> _shown;
    private readonly ServerView _view;
    private readonly Membership _membership;
    private readonly KeyStandings _standings;
    private readonly TicketGate _tickets;
    private readonly ServedSessions _sessions;
    private readonly RecordLog _records;
    private readonly TimeProvider _time;

    public ViewerAccess(ServerView view, Membership membership, KeyStandings standings, ProofReader proofs, ServedSessions sessions, RecordLog records, TimeProvider time)
    {
        (_view, _membership, _standings, _sessions, _records, _time) = (view, membership, standings, sessions, records, time);
        _shown = _verified.GetAlternateLookup<ReadOnlySpan<char>>();
        _tickets = new(keyId => view.Facts.FindSigningKey(keyId), server => view.Facts.IsOtherExpelled(server), proofs, time);
    }

    public Admission? Recognize(HttpRequest request)
    {
        if (_membership.Joined is not { } me || !_view.Ready.IsCompleted || _view.Facts.IsExpelled || !_shown.TryGetValue(Trusted.Shown(request, "Bearer"), out var known)) return null;
        var key = known.Claims;
        if (_view.Facts.FindSigningKey(known.KeyId) is null || _time.GetUtcNow() >= known.Expires || !_standings.IsKnownGood(key.Jti) || !key.Aud.Contains(me.Server)) return null;
        _sessions.Touch(key.Jti);
        return known.Admission;
    }

    public async ValueTask<Outcome<Admission>> AdmitAsync(HttpContext http)
    {
        if (Trusted.Credential(http.Request, "Bearer") is not { } token)
            return Refusal.Unauthenticated("This server sends nothing without an authentication key: show it as 'Authorization: Bearer …'.");
        if (_membership.Joined is not { } me || !_view.Ready.IsCompleted) return Refusal.Unavailable("This content server has just started and knows no keys yet: try again, or another server.");
        if (_view.Facts.IsExpelled) return Refusal.Unavailable("This content server was expelled: ask another.");

        if (Verify(token) is not { } key)
        {
            // Who was expelled meanwhile, it could not know.
            if (_time.GetUtcNow() - _view.LastHeard >= KeyStandings.Grace) return Refusal.Unavailable("This content server has heard no control host for too long to know who may copy: try again, or another server.");
            return await _tickets.AdmitAsync(http, token)
                ?? Refusal.Unauthenticated("What was shown is neither an authentication key nor a ticket that a gateway of this cluster signed.");
        }

        if (_time.GetUtcNow() >= key.Expires) return Refusal.Unauthenticated($"Authentication key {key.Claims.Jti} has expired.");
        // First: a key for others is not worth a question.
        if (!key.Claims.Aud.Contains(me.Server)) return Refusal.Denied($"Authentication key {key.Claims.Jti} is for other servers.");
        if (await _standings.CheckAsync(key.Claims.Jti, key.Expires, token) is { } refusal) return refusal;
        _sessions.Touch(key.Claims.Jti);
        return key.Admission;
    }

    public void Refused(int status)
    {
        if (_membership.Joined is { } me) _records.AddRefused(me.Server, status);
    }

    public void Answered(Admission admission, PartId? part, SentBytes sent, TimeSpan took)
    {
        if (admission.Key is not { } key) return;
        var now = _time.GetUtcNow();
        _records.Add(new(
            RecordId.New(now), now, _membership.Server, key, admission.Content, part, sent.Sent, (long)took.TotalMilliseconds, sent.Status, sent.Complete));
    }

    private Verified? Verify(string token)
    {
        if (_verified.TryGetValue(token, out var known))
        {
            // Nothing that was signed with a key that the cluster no longer names is accepted.
            if (_view.Facts.FindSigningKey(known.KeyId) is not null) return known;
            _verified.TryRemove(token, out _);
            return null;
        }

        var keyId = "";
        if (!Es256.TryVerify(token, AuthenticationKeyClaims.Type, Find, WireJson.Default.AuthenticationKeyClaims, out var claims)) return null;
        if (_verified.Count >= MaxVerified) _verified.Clear();
        return _verified[token] = new(keyId, claims, DateTimeOffset.FromUnixTimeSeconds(claims.Exp), new(claims.Cid, claims.Jti, claims.Only));

        ECDsa? Find(string name) => _view.Facts.FindSigningKey(keyId = name);
    }

    private sealed record Verified(string KeyId, AuthenticationKeyClaims Claims, DateTimeOffset Expires, Admission Admission);
}
