using Scdn.Grains.Configurations;

namespace Scdn.Host.Hosting.Configuration;

/// <summary>The cluster's settings. To be read when they are used, never kept: they change while hosts run.</summary>
internal interface ISettings
{
    /// <summary>All of them as they are now, immutable.</summary>
    Settings Current { get; }
}
