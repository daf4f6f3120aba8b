using System.Collections.Concurrent;
using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Host.Data;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Gateway;

/// <summary>What plays start with: of each version of a content it is found once, by opening the header, and kept for all who ask then.</summary>
internal sealed class PlayStarts(IHeaderStore headers, ContentKeyVault vault)
{
    /// <summary>Some hundred bytes each.</summary>
    private const int MaxKept = 10_000;

    private readonly ConcurrentDictionary<(ContentId, string), Task<Outcome<PlayStart>>> _kept = new();

    public async Task<Outcome<PlayStart>> FindAsync(ContentId content, PublishedVersion version, CancellationToken cancel)
    {
        var header = new KeptHeader(content, version.Version, Convert.ToHexStringLower(version.HeaderHash), At: default);
        var mine = new TaskCompletionSource<Outcome<PlayStart>>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_kept.Count >= MaxKept) _kept.Clear();
        var found = _kept.GetOrAdd((content, header.Hash), mine.Task);
        if (found == mine.Task) _ = FindAsync(mine, header);
        return await found.WaitAsync(cancel);
    }

    /// <summary>Whoever asks first works for the others, too, and so does not give up.</summary>
    private async Task FindAsync(TaskCompletionSource<Outcome<PlayStart>> found, KeptHeader header)
    {
        try
        {
            var start = await ReadAsync(header);
            if (start.Refusal is not null) Forget();
            found.SetResult(start);
        }
        catch (Exception fault)
        {
            Forget();
            found.SetException(fault);
        }

        void Forget() => _kept.TryRemove(new((header.Content, header.Hash), found.Task));
    }

    private async Task<Outcome<PlayStart>> ReadAsync(KeptHeader kept)
    {
        if (await headers.LoadAsync(kept, CancellationToken.None) is not { } file) return Refusal.Unavailable($"The header of content {kept.Content}, version {kept.Version}, is being replaced: try again in a moment.");
        var header = Header.Parse(file);
        using var key = header.IsSealed ? await vault.FindAsync(kept.Content, kept.Version, CancellationToken.None) : null;
        if (header.IsSealed && key is null) return ContentKeyVault.NeverKept(kept.Content, kept.Version);
        return PlayStart.Of(header, header.Open(key));
    }
}
