using Scdn.Host.Hosting;
using Scdn.Host.Parts;

namespace Scdn.Host.Roles.Admin;

/// <summary>The store that content servers copy from in the first place: every published content, and for a day those that were withdrawn.</summary>
internal sealed class Origin(HostSettings settings, TimeProvider time, ILogger<Origin> log) : IDisposable
{
    public PartStore Store { get; } = PartStore.Open(Path.Combine(settings.DataFolder, "origin"), settings.KeepSuperseded, time.GetUtcNow(), log);

    public void Dispose() => Store.Dispose();
}
