using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Storage;

namespace Scdn.Host.Roles.Admin;

/// <summary>Content servers on an operator's word.</summary>
internal sealed class ContentServers(IGrainStore store, TimeProvider time)
{
    /// <summary>Nothing is taken from the server or told to it any more, and no viewer is sent there.</summary>
    public async Task<Outcome<Done>> ExpelAsync(ServerId server, CancellationToken cancel)
    {
        var expelled = await store.ChangeAsync<ContentServerState>(
            ContentServerState.IdOf(server), state => ContentServerGrain.Expel(state, time.GetUtcNow()), cancel);
        return expelled.IsGranted(out _, out var refusal) ? Done.Instance : refusal;
    }
}
