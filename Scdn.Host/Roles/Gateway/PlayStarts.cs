using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Host.Data;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Gateway;

/// <summary>What plays start with: of each version of a content it is found once, by opening the header, and kept for all who ask then.</summary>
internal sealed class PlayStarts(IHeaderStore headers, ContentKeyVault vault)
{
    /// <summary>Some hundred bytes each.</summary>
    private const int MaxKept = 10_000;

    private readonly SharedAnswers<(ContentId, string), Outcome<PlayStart>> _kept = new();

    public async Task<Outcome<PlayStart>> FindAsync(ContentId content, PublishedVersion version, CancellationToken cancel)
    {
        var header = new KeptHeader(content, version.Version, Convert.ToHexStringLower(version.HeaderHash), At: default);
        if (_kept.Count >= MaxKept) _kept.Clear();
        return await _kept.FindAsync((content, header.Hash), () => ReadAsync(header), start => start.Refusal is null).WaitAsync(cancel);
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
