using Scdn.Format;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Manifests;

namespace Scdn.Host.Roles.CdMaster;

/// <summary>Decides who is to hold what. Now: every server that is wanted holds every content that is published.</summary>
internal static class PlacementPolicy
{
    public static IEnumerable<ServerId> HoldersOf(ManifestState content, IEnumerable<(ServerId Id, ContentServerState State)> servers) =>
        content.Withdrawn is null ? servers.Where(server => server.State.Expelled is null).Select(server => server.Id) : [];
}
