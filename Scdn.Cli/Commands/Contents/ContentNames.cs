using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Format.Wire;

namespace Scdn.Cli.Commands.Contents;

/// <summary>Contents as people name them.</summary>
internal static class ContentNames
{
    public static async Task<ContentStatus> FindAsync(AdminClient admin, string name, CancellationToken stop) =>
        Choice.Find(await admin.ContentsAsync(stop), name, content => content.Id.ToString(), content => content.Title, "content", "scdn contents list");
}
