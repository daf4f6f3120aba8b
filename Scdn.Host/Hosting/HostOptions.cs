using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using System.Text.RegularExpressions;
using Scdn.Format;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.Sessions;
using Scdn.Host.Data.Postgres;
using Scdn.Host.Hosting.Tls;

namespace Scdn.Host.Hosting;

/// <summary>The command line's options that hold for the whole process, and the checks on them.</summary>
internal sealed partial class HostOptions
{
    private readonly Option<string> _roles = new("--roles")
    {
        Description = $"Which roles run here, separated by commas, or '{HostRoles.Everything}'.",
        Required = true,
        HelpName = "ROLE,…",
    };

    private readonly Option<string> _data = new("--data") { Description = "Folder for everything that this host keeps.", Required = true, HelpName = "DIR" };

    private readonly Option<string> _name = new("--name")
    {
        Description = "The host's name, unique among control hosts.", DefaultValueFactory = _ => "control",
    };

    private readonly Option<string> _listen = new("--listen")
    {
        Description = "Address to serve at, http or https; port 0 takes a free one. Off loopback, control roles serve https only.", DefaultValueFactory = _ => "http://127.0.0.1:7400", HelpName = "URL",
    };

    private readonly Option<string?> _publicUrl = new("--public-url") { Description = "Where others reach this host, when not at the address it listens at.", HelpName = "URL" };

    private readonly Option<string?> _certificate = new("--certificate")
    {
        Description = "The certificate to show, in PEM, with those between it and its authority (default: one that the host makes for itself). Read again when the file changes.", HelpName = "FILE",
    };

    private readonly Option<string?> _certificateKey = new("--certificate-key") { Description = "The certificate's private key, in PEM, without a passphrase.", HelpName = "FILE" };

    private readonly Option<string?> _nextPin = new("--next-pin") { Description = "The pin of the key that the next certificate will be for: told ahead, so that whoever knows this host goes on knowing it.", HelpName = "SHA256" };

    private readonly Option<bool> _insecureHttp = new(PlainHttp.Option)
    {
        Description = "Let control traffic be plain http off loopback: where a proxy in front does TLS, or in a network that nobody else can listen in.",
    };

    private readonly Option<string[]> _control = new("--control")
    {
        Description = "Where a control host answers; may be given several times.", AllowMultipleArgumentsPerToken = true, HelpName = "URL",
    };

    private readonly Option<string> _gateway = new("--gateway")
    {
        Description = "Whether this host's gateway is asked first (primary) or stands in (secondary).", DefaultValueFactory = _ => "primary", HelpName = "RANK",
    };

    private readonly Option<string?> _database = new("--database")
    {
        Description = $"PostgreSQL database that control hosts of several machines share, such as {PostgresAddress.Example} (default: a file in the data folder). The password: PGPASSWORD or ~/.pgpass.",
        HelpName = "URL",
    };

    private readonly Option<TimeSpan> _keepSuperseded = new("--keep-superseded")
    {
        Description = "How long the parts of a content's version are kept once there is a newer one, for those who are playing it, as hours:minutes:seconds; less long when the disk is nearly full.",
        DefaultValueFactory = _ => TimeSpan.FromHours(12),
        HelpName = "TIME",
    };

    private readonly Option<string?> _logFile = new("--log-file") { Description = "Write the log to this file instead of standard error.", HelpName = "FILE" };

    private readonly Option<int?> _parentPid = new("--parent-pid") { Description = "Stop when the process with this id is gone.", HelpName = "PID" };

    public IReadOnlyList<Option> All => [_roles, _data, _name, _listen, _publicUrl, _certificate, _certificateKey, _nextPin, _insecureHttp, _control, _gateway, _database, _keepSuperseded, _logFile, _parentPid];

    /// <summary>The settings; what is wrong is added to <paramref name="faults"/>, all of it.</summary>
    public HostSettings Read(ParseResult parsed, ICollection<string> faults)
    {
        var settings = ReadEach(parsed, faults);
        if (faults.Count == 0) CheckTls(settings, faults);
        return settings;
    }

    private HostSettings ReadEach(ParseResult parsed, ICollection<string> faults) => new()
    {
        Roles = ReadRoles(parsed.GetValue(_roles) ?? "", faults),
        Name = ReadName(parsed.GetValue(_name) ?? "", faults),
        DataFolder = ReadFolder(parsed.GetValue(_data) ?? "", faults),
        Listen = ReadListen(parsed.GetValue(_listen) ?? "", parsed.GetValue(_publicUrl) is not null, faults),
        PublicUri = parsed.GetValue(_publicUrl) is { } url ? ReadUri(_publicUrl, url, faults) : null,
        Certificate = ReadCertificate(parsed, faults),
        NextPin = ReadNextPin(parsed, faults),
        InsecureHttp = parsed.GetValue(_insecureHttp),
        Control = [.. (parsed.GetValue(_control) ?? []).Select(url => ReadUri(_control, url, faults))],
        Gateway = ReadGateway(parsed, faults),
        Database = ReadDatabase(parsed, faults),
        KeepSuperseded = ReadKeepSuperseded(parsed.GetValue(_keepSuperseded), faults),
        LogFile = parsed.GetValue(_logFile) is { } file ? Path.GetFullPath(file) : null,
        ParentPid = parsed.GetValue(_parentPid),
    };

    /// <summary>An absolute http or https address without path, query or user; anything else is a fault.</summary>
    public static Uri ReadUri(Option option, string text, ICollection<string> faults)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { PathAndQuery: "/", UserInfo: "", Fragment: "" }) return uri;
        faults.Add($"{option.Name} {text}: that is not an address such as http://127.0.0.1:7400.");
        return new Uri("http://127.0.0.1:0");
    }

    private CertificateFiles? ReadCertificate(ParseResult parsed, ICollection<string> faults)
    {
        var (certificate, key) = (parsed.GetValue(_certificate), parsed.GetValue(_certificateKey));
        if (certificate is null && key is null) return null;
        if (certificate is not null && key is not null) return new(Path.GetFullPath(certificate), Path.GetFullPath(key));
        faults.Add($"{_certificate.Name} and {_certificateKey.Name} go together: name both files.");
        return null;
    }

    private KeyPin? ReadNextPin(ParseResult parsed, ICollection<string> faults)
    {
        if (parsed.GetValue(_nextPin) is not { } text) return null;
        if (parsed.GetValue(_certificate) is null) faults.Add($"{_nextPin.Name} goes with {_certificate.Name}: a host that makes its certificate itself makes the next key, too.");
        if (KeyPin.TryParse(text.ToLowerInvariant(), out var pin)) return pin;
        faults.Add($"{_nextPin.Name} {text}: that is not a pin, the SHA-256 of a public key in 64 hexadecimal digits.");
        return null;
    }

    /// <summary>Off loopback, what control hosts say and are told is encrypted.</summary>
    private void CheckTls(HostSettings settings, ICollection<string> faults)
    {
        var isHttps = settings.Listen.Scheme == Uri.UriSchemeHttps;
        if (settings.Certificate is not null && !isHttps) faults.Add($"{_certificate.Name} is for a host that listens on https: say so with {_listen.Name}.");
        if (isHttps && settings.PublicUri is { Scheme: "http" }) faults.Add($"{_publicUrl.Name} {settings.PublicUri}: this host listens on https, so others reach it there.");
        if (settings.IsControl)
        {
            foreach (var (option, address) in new[] { (_listen.Name, settings.Listen), (_publicUrl.Name, settings.PublicUri) })
            {
                if (address is not null && !settings.MaySpeakTo(address))
                    faults.Add($"{option} {address}: off loopback, control roles speak https only: say https, or {PlainHttp.Option} where a proxy in front does TLS or nobody else can listen in.");
            }
        }

        foreach (var address in settings.Control.Where(address => !settings.MaySpeakTo(address)))
            faults.Add($"{_control.Name} {address}: off loopback, control hosts are spoken to over https only: say https, or {PlainHttp.Option} in a network that nobody else can listen in.");
    }

    private ImmutableArray<string> ReadRoles(string text, ICollection<string> faults)
    {
        var known = HostRoles.All.Select(role => role.Name).ToImmutableArray();
        var names = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToImmutableArray();
        if (names is [HostRoles.Everything]) return known;
        var list = string.Join(", ", known.Append(HostRoles.Everything));
        if (names.IsEmpty) faults.Add($"{_roles.Name} names no role: give some of {list}.");
        foreach (var name in names.Except(known, StringComparer.Ordinal)) faults.Add($"{_roles.Name} {name}: there is no such role; there are {list}.");
        return names;
    }

    private GatewayRank ReadGateway(ParseResult parsed, ICollection<string> faults)
    {
        var text = parsed.GetValue(_gateway) ?? "";
        if (text is not ("primary" or "secondary")) faults.Add($"{_gateway.Name} {text}: it is primary or secondary.");
        var runsHere = (parsed.GetValue(_roles) ?? "").Split(',', StringSplitOptions.TrimEntries).Any(role => role is "gateway" or HostRoles.Everything);
        return !runsHere ? GatewayRank.None : text == "secondary" ? GatewayRank.Secondary : GatewayRank.Primary;
    }

    private TimeSpan ReadKeepSuperseded(TimeSpan keep, ICollection<string> faults)
    {
        // Longer would be in vain: no session, and so no play, lasts longer.
        if (keep < TimeSpan.Zero || keep > SessionGrain.MaxLifetime) faults.Add($"{_keepSuperseded.Name} {keep}: it is from 00:00:00 to {SessionGrain.MaxLifetime:d\\.hh\\:mm\\:ss}.");
        return keep;
    }

    private PostgresAddress? ReadDatabase(ParseResult parsed, ICollection<string> faults)
    {
        if (parsed.GetValue(_database) is not { } text) return null;
        // The text is not shown: it may hold a password.
        if (!PostgresAddress.TryParse(text, out var address, out var fault)) faults.Add($"{_database.Name}: {fault}.");
        return address;
    }

    private string ReadName(string name, ICollection<string> faults)
    {
        if (!NamePattern().IsMatch(name)) faults.Add($"{_name.Name} '{name}': a name has 1 to 32 letters, digits, '-' or '.'.");
        return name;
    }

    private string ReadFolder(string folder, ICollection<string> faults)
    {
        if (folder.Length == 0)
        {
            faults.Add($"{_data.Name} is empty: name the folder for everything that this host keeps.");
            return folder;
        }

        if (File.Exists(folder)) faults.Add($"{_data.Name} {folder}: that is a file, not a folder.");
        return Path.GetFullPath(folder);
    }

    private Uri ReadListen(string text, bool publicUrlGiven, ICollection<string> faults)
    {
        var uri = ReadUri(_listen, text, faults);
        if (IPAddress.TryParse(uri.DnsSafeHost, out var address))
        {
            if ((address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) && !publicUrlGiven)
                faults.Add($"{_listen.Name} {text} binds every address: say with {_publicUrl.Name} where others reach this host.");
        }
        else if (uri.Host != "localhost")
        {
            faults.Add($"{_listen.Name} {text}: give an IP address to bind (a name can be given with {_publicUrl.Name}).");
        }

        return uri;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9.-]{0,31}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
