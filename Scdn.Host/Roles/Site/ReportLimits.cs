namespace Scdn.Host.Roles.Site;

/// <summary>How often a viewer's players may tell something: each time the store is written. Thread-safe.</summary>
internal sealed class ReportLimits(TimeProvider time) : ChargeLimits(120, TimeSpan.FromSeconds(5), "Too much was told of plays", time);
