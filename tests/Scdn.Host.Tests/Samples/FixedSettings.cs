using Scdn.Grains.Configurations;
using Scdn.Host.Hosting.Configuration;

namespace Scdn.Host.Tests.Samples;

/// <summary>Settings that are as a test says.</summary>
internal sealed class FixedSettings(Settings settings) : ISettings
{
    public Settings Current { get; set; } = settings;
}
