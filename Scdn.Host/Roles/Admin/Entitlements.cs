using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Licences;
using Scdn.Grains.Manifests;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;

namespace Scdn.Host.Roles.Admin;

/// <summary>What users were granted of contents, on the word of an operator or of a contents site that has one's token.</summary>
internal sealed class Entitlements(IGrainStore store, Sessions sessions, TimeProvider time)
{
    public async Task<Outcome<EntitlementSummary>> GiveAsync(string name, ContentId content, EntitlementRequest request, CancellationToken cancel)
    {
        if (!(await FindUserAsync(name, cancel)).IsGranted(out var user, out var noUser)) return noUser;
        if (await store.LoadAsync<ManifestState>(ManifestState.IdOf(content), cancel) is null) return Refusal.NotFound($"Content {content} was never published here: see 'scdn contents list'.");
        var terms = new GrantTerms(request.Plays, request.Until, request.Streams, request.Seeks);
        var given = await store.ChangeAsync<LicenceState>(
            LicenceState.IdOf(user.Name, content),
            state => LicenceGrants.Give(state, user.Name, content, UserGrain.Bought(user), request.Purchase ?? "", terms, time.GetUtcNow()),
            cancel);
        return given.IsGranted(out var licence, out var refusal) ? Summary(licence.State) : refusal;
    }

    /// <summary>Ends at once: gateways revoke the keys that were issued with it, as soon as the feed tells them.</summary>
    public async Task<Outcome<Done>> TakeBackAsync(string name, ContentId content, string? purchase, CancellationToken cancel)
    {
        var taken = await store.ChangeAsync<LicenceState>(LicenceState.IdOf(name, content), state => LicenceGrants.TakeBack(state, purchase, time.GetUtcNow()), cancel);
        return taken.IsGranted(out _, out var refusal) ? Done.Instance : refusal;
    }

    public async Task<Outcome<EntitlementSummary>> FindAsync(string name, ContentId content, CancellationToken cancel) =>
        await store.LoadAsync<LicenceState>(LicenceState.IdOf(name, content), cancel) is { State: { Grants: not null } licence }
            ? Summary(licence)
            : Refusal.NotFound($"Nothing of content {content} was granted to user '{name}'.");

    /// <summary>Why a session's user may have an authentication key for a content, and until when; what lasts longest counts, for no play is begun with it.</summary>
    public async Task<Outcome<Allowance>> FindAsync(SessionId session, ContentId content, CancellationToken cancel)
    {
        if (!(await sessions.FindAsync(session, cancel)).IsGranted(out var found, out var unknown)) return unknown;
        if (!(await FindUserAsync(found.User, cancel)).IsGranted(out var user, out var noUser)) return noUser;
        var licence = (await store.LoadAsync<LicenceState>(LicenceState.IdOf(user.Name, content), cancel))?.State ?? LicenceGrain.New(user.Name, content, UserGrain.Bought(user));
        return LicenceGrain.Longest(licence, byAccount: !user.GrantedOnly, time.GetUtcNow()) is { } longest
            ? longest
            : Refusal.Denied($"User '{user.Name}' may not play content {content} any more, or was never granted it: grant it first.");
    }

    /// <summary>What was granted, by user and content, a page at a time.</summary>
    /// <param name="name">To whom; null: to all.</param>
    /// <param name="after">The <see cref="Page{T}.Next"/> of the page before; null: from the first on.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Page<EntitlementSummary>> ListAsync(string? name, string? after, int limit, CancellationToken cancel)
    {
        var prefix = name is null ? "" : LicenceState.PrefixOf(name);
        var from = after is not null && after.StartsWith(prefix, StringComparison.Ordinal) ? after : prefix;
        var (entitlements, last) = (new List<EntitlementSummary>(), from);
        await foreach (var licence in store.ListPrefixAsync<LicenceState>(prefix, from, cancel))
        {
            // Licences that nothing was granted in lie between them, of accounts that may play everything.
            if (licence.State.Grants is null) continue;
            if (entitlements.Count == limit) return new Page<EntitlementSummary>(entitlements, last);
            entitlements.Add(Summary(licence.State));
            last = licence.Id;
        }

        return new Page<EntitlementSummary>(entitlements, Next: null);
    }

    private EntitlementSummary Summary(LicenceState licence)
    {
        var left = LicenceGrain.Left(licence, time.GetUtcNow());
        return new EntitlementSummary(licence.User, licence.Content, left is not null, left is null ? 0 : left.Plays, left?.Until, [.. (licence.Grants ?? []).Select(Summary)]);
    }

    private static GrantSummary Summary(ContentGrant grant) =>
        new(grant.Purchase.Length == 0 ? null : grant.Purchase, grant.Granted, grant.Plays, grant.Played, grant.Until, grant.Streams, grant.TakenBack, grant.Seeks, grant.Sought);

    private async Task<Outcome<UserState>> FindUserAsync(string name, CancellationToken cancel) =>
        await store.LoadAsync<UserState>(UserState.IdOf(name), cancel) is { State: { Disabled: null } user } ? user : Refusal.NotFound($"There is no user '{name}': add one with 'scdn user add'.");
}
