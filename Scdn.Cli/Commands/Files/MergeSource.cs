using Scdn.Client;
using Scdn.Client.Sources;
using Scdn.Format;

namespace Scdn.Cli.Commands.Files;

/// <summary>What is merged: a header with its key, and where the parts come from.</summary>
/// <param name="Header">The header.</param>
/// <param name="Key">The content key; null when nothing is protected.</param>
/// <param name="Parts">A folder, or content servers.</param>
internal sealed record MergeSource(Header Header, ContentKey? Key, IPartReader Parts) : IAsyncDisposable
{
    /// <summary>The content as a viewer gets it.</summary>
    public static MergeSource Of(PlayGrant grant) => new(grant.Header, grant.Key, new ServedParts(grant, new NetworkOptions()));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Parts is IAsyncDisposable served) await served.DisposeAsync();
        else (Parts as IDisposable)?.Dispose();
        Key?.Dispose();
    }
}
