using Scdn.Host.Hosting;
using Scdn.Host.Parts;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>The content server's own store under its data folder, and how it is sent.</summary>
internal sealed class ContentShelf : IDisposable
{
    public ContentShelf(HostSettings settings, ContentServerOptions options, ViewerAccess access, TrafficMeter meter, TimeProvider time, ILogger<ContentShelf> log)
    {
        Store = PartStore.Open(Path.Combine(settings.DataFolder, "content"), settings.KeepSuperseded, time.GetUtcNow(), log);
        var cap = options.MaxRateBytesPerSecond is { } rate ? new RateCap(rate, time) : null;
        Shelf = new(Store, access, new FileAnswer(Store.Handles, cap, meter));
    }

    public PartStore Store { get; }

    public PartShelf Shelf { get; }

    public void Dispose() => Store.Dispose();
}
