using System.Collections.Immutable;
using Scdn.Format;
using Scdn.Grains.ControlHosts;
using Scdn.Host.Data.Postgres;
using Scdn.Host.Hosting.Tls;

namespace Scdn.Host.Hosting;

/// <summary>What holds for the whole process, whatever its roles.</summary>
internal sealed record HostSettings
{
    /// <summary>The roles that run here, lower case.</summary>
    public required ImmutableArray<string> Roles { get; init; }

    /// <summary>The host's name: unique among control hosts; content servers use it for people.</summary>
    public required string Name { get; init; }

    /// <summary>The full path of the folder for everything that this host keeps.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The address to bind.</summary>
    public required Uri Listen { get; init; }

    /// <summary>Where others reach this host; null: at the address that was bound.</summary>
    public Uri? PublicUri { get; init; }

    /// <summary>The owner's certificate; null: one that the host makes for itself, when it listens on https.</summary>
    public CertificateFiles? Certificate { get; init; }

    /// <summary>The key that the owner's next certificate will be for; null: not told.</summary>
    public KeyPin? NextPin { get; init; }

    /// <summary>Whether control traffic may be plain http off loopback.</summary>
    public bool InsecureHttp { get; init; }

    /// <summary>Control hosts that are known from the start, best first.</summary>
    public ImmutableArray<Uri> Control { get; init; } = [];

    /// <summary>Whether this host's gateway is asked first or stands in; none when it has no gateway.</summary>
    public GatewayRank Gateway { get; init; }

    /// <summary>Where the store of the control roles is; null: in the data folder.</summary>
    public PostgresAddress? Database { get; init; }

    /// <summary>How long the parts of a version are kept once there is a newer one, for those who are playing it.</summary>
    public TimeSpan KeepSuperseded { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Log file; null: standard error.</summary>
    public string? LogFile { get; init; }

    /// <summary>The process with whose end this one ends; null: none.</summary>
    public int? ParentPid { get; init; }

    /// <summary>Whether any control role runs here, so that the host has the cluster's state at hand.</summary>
    public bool IsControl => Roles.Any(role => role != "content");

    /// <summary>Whether control traffic may go to an address as it is.</summary>
    public bool MaySpeakTo(Uri address) => PlainHttp.WhyNot(address, InsecureHttp) is null;

    /// <summary>Whether a role runs here.</summary>
    public bool Has(string role) => Roles.Contains(role, StringComparer.Ordinal);
}
