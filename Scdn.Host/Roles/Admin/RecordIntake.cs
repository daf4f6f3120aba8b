using System.Collections.Concurrent;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.Storage;
using Scdn.Host.Data;

namespace Scdn.Host.Roles.Admin;

/// <summary>Takes connection records in. Content servers know keys only; who is behind them is looked up here.</summary>
internal sealed partial class RecordIntake(IGrainStore store, IRecordStore records, TimeProvider time, ILogger<RecordIntake> log)
{
    private const int MaxKnown = 50_000;
    private const int MaxRequests = 1_000_000_000;

    // Whose a key is never changes.
    private readonly ConcurrentDictionary<KeyId, Owner> _owners = new();

    /// <summary>Keeps and counts records, each once; granted when they are on disk, so that the server may forget them.</summary>
    public async Task<Outcome<Done>> TakeAsync(IReadOnlyList<ConnectionRecord> shipped, CancellationToken cancel)
    {
        if (shipped.FirstOrDefault(record => record.Bytes < 0 || record.Milliseconds < 0 || record.Status is < 100 or > 599) is { } wrong)
            return Refusal.Invalid($"Connection record {wrong.Id} can't be: it tells of {wrong.Bytes} bytes in {wrong.Milliseconds} ms with status {wrong.Status}.");
        if (shipped.FirstOrDefault(record => record.Key is null != record.Content is null || record.Requests is < 1 or > MaxRequests || (record.Key is not null && record.Requests > 1)) is { } odd)
            return Refusal.Invalid($"Connection record {odd.Id} can't be: one with a key names a content and tells of one request, one without a key tells of up to {MaxRequests} and names none.");
        try
        {
            var now = time.GetUtcNow();
            var fresh = new List<FreshRecord>(shipped.Count);
            foreach (var record in shipped)
            {
                var owner = await FindOwnerAsync(record.Key, cancel);
                // A server whose clock is ahead must not count in hours that are still to come, nor have what would be kept for ever.
                fresh.Add(new(record.At > now ? record with { At = now } : record, owner.User, owner.Session));
            }

            if (!(await records.AddAsync(fresh, cancel)).IsGranted(out var late, out var refusal)) return refusal;
            if (late.Count > 0) LogLate(late.Count, shipped[0].Server);
            return Done.Instance;
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            return fault.ToRefusal();
        }
    }

    private async Task<Owner> FindOwnerAsync(KeyId? shown, CancellationToken cancel)
    {
        if (shown is not { } key) return new("", Session: null);
        if (_owners.TryGetValue(key, out var known)) return known;
        // Nobody known: then the key itself stands for a session.
        if (await store.LoadAsync<AuthKeyState>(AuthKeyState.IdOf(key), cancel) is not { } grain) return new("", SessionId.From(key.Value));
        if (_owners.Count >= MaxKnown) _owners.Clear();
        return _owners[key] = new(grain.State.User, grain.State.Session);
    }

    [LoggerMessage(213, LogLevel.Warning, "{Count} connection records of content server {Server} are older than records are kept: they are not counted, for they may have been before")]
    private partial void LogLate(int count, ServerId server);

    private sealed record Owner(string User, SessionId? Session);
}
