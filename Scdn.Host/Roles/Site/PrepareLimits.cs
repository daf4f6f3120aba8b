namespace Scdn.Host.Roles.Site;

/// <summary>How often a viewer may have contents made ready: each time leaves a key behind, and lets 2 MiB be fetched that nobody may come to see. Thread-safe.</summary>
internal sealed class PrepareLimits(TimeProvider time) : ChargeLimits(60, TimeSpan.FromSeconds(2), "Too many contents were made ready", time);
