using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;

namespace Scdn.Host.Data.Postgres;

/// <summary>
/// Where a store in PostgreSQL is, as <c>postgres://USER@HOST:PORT,HOST:PORT/DATABASE?sslmode=verify-full</c>. Several hosts are a primary and its standbys, in any order. What is left out, and the password, PostgreSQL's
/// own variables and files say (<c>PGUSER</c>, <c>PGPASSWORD</c>, <c>PGPASSFILE</c>, <c>~/.pgpass</c>).
/// </summary>
/// <param name="Hosts">The servers, one at least.</param>
/// <param name="Database">The database.</param>
/// <param name="User">The role; null: as the environment says.</param>
/// <param name="Tls">TLS settings by their names in the address.</param>
internal sealed record PostgresAddress(ImmutableArray<PostgresHost> Hosts, string Database, string? User, ImmutableDictionary<string, string> Tls)
{
    /// <summary>What such an address looks like, for sentences.</summary>
    public const string Example = "postgres://scdn@db1.example,db2.example/scdn";

    private const int DefaultPort = 5432;
    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    private static readonly Dictionary<string, Action<NpgsqlConnectionStringBuilder, string>> TlsSettings = new(StringComparer.Ordinal)
    {
        ["sslmode"] = (settings, value) => settings.SslMode = Enum.Parse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
        ["sslrootcert"] = (settings, value) => settings.RootCertificate = value,
        ["sslcert"] = (settings, value) => settings.SslCertificate = value,
        ["sslkey"] = (settings, value) => settings.SslKey = value,
    };

    /// <summary>Reads an address.</summary>
    /// <param name="text">The address.</param>
    /// <param name="address">It, read.</param>
    /// <param name="fault">What is wrong with it, as the end of a sentence; never any part of it that could be a password.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out PostgresAddress? address, [NotNullWhen(false)] out string? fault)
    {
        (address, fault) = (null, null);
        if (Schemes.FirstOrDefault(scheme => text.StartsWith(scheme, StringComparison.Ordinal)) is not { } scheme)
        {
            fault = $"that is not an address such as {Example}";
            return false;
        }

        var (place, query) = Cut(text[scheme.Length..], '?');
        var (authority, database) = Cut(place, '/');
        var at = authority.LastIndexOf('@');
        var user = at < 0 ? null : authority[..at];
        if (user?.Contains(':', StringComparison.Ordinal) is true)
        {
            fault = "it has a password in it, which everybody on this machine can read: leave that out, and put it into the variable PGPASSWORD or the file ~/.pgpass";
            return false;
        }

        var hosts = authority[(at + 1)..].Split(',').Select(ReadHost).ToImmutableArray();
        if (hosts.Contains(null)) fault = "it names no host, or a port that is none";
        else if (database is null or "" || database.Contains('/', StringComparison.Ordinal)) fault = $"it names no database: it looks like {Example}";
        else if (ReadTls(query, out var tls) is { } wrong) fault = wrong;
        else address = new(hosts!, Uri.UnescapeDataString(database), user is null or "" ? null : Uri.UnescapeDataString(user), tls);
        return address is not null;
    }

    /// <summary>The settings of connections to one of the hosts.</summary>
    /// <param name="host">The host.</param>
    /// <param name="forWriting">Whether anything is committed on them.</param>
    public NpgsqlConnectionStringBuilder ConnectTo(PostgresHost host, bool forWriting)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = host.Name,
            Port = host.Port,
            Database = Database,
            Username = User,
            ApplicationName = "scdn",
            Timeout = 3,
            // A commit that waits for a standby which is gone must not be cancelled, as the driver does when the time is up: PostgreSQL would go on as if it were done.
            CommandTimeout = forWriting ? 0 : 10,
            CancellationTimeout = -1,
            TcpKeepAlive = true,
            TcpKeepAliveTime = 5000,
            TcpKeepAliveInterval = 1000,
            KeepAlive = forWriting ? 0 : 5,
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            MaxPoolSize = forWriting ? 32 : 16,
            Options = "-c idle_in_transaction_session_timeout=30000 -c search_path=scdn",
        };
        foreach (var (name, value) in Tls) TlsSettings[name](settings, value);
        return settings;
    }

    /// <summary>The address without what is left to the environment.</summary>
    public override string ToString() => $"postgres://{(User is null ? "" : $"{User}@")}{string.Join(',', Hosts)}/{Database}";

    private static (string Left, string? Right) Cut(string text, char separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is >= 0 and var at ? (text[..at], text[(at + 1)..]) : (text, null);

    private static PostgresHost? ReadHost(string text)
    {
        // An IPv6 address stands in brackets, for its own colons.
        var end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.LastIndexOf(':') is >= 0 and var colon ? colon : text.Length;
        var (name, rest) = (text[..end].Trim('[', ']'), text[end..]);
        var port = DefaultPort;
        if (rest.Length > 0 && (rest[0] != ':' || !int.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535)) return null;
        return Uri.CheckHostName(name) == UriHostNameType.Unknown ? null : new(name, port);
    }

    private static string? ReadTls(string? query, out ImmutableDictionary<string, string> tls)
    {
        tls = ImmutableDictionary<string, string>.Empty;
        foreach (var pair in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Cut(pair, '=');
            if (!TlsSettings.TryGetValue(name, out var set)) return $"it has a setting '{name}', and only {string.Join(", ", TlsSettings.Keys)} can be set there";
            try
            {
                set(new(), Uri.UnescapeDataString(value ?? ""));
            }
            catch (ArgumentException)
            {
                return $"its {name} is none: it is disable, prefer, require, verify-ca or verify-full";
            }

            tls = tls.SetItem(name, Uri.UnescapeDataString(value ?? ""));
        }

        return null;
    }
}

/// <summary>A server.</summary>
/// <param name="Name">Its name or IP address.</param>
/// <param name="Port">Its port.</param>
internal sealed record PostgresHost(string Name, int Port)
{
    /// <inheritdoc/>
    public override string ToString() => Name.Contains(':', StringComparison.Ordinal) ? $"[{Name}]:{Port}" : $"{Name}:{Port}";
}
