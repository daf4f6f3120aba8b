using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Scdn.Format;

/// <summary>
/// Ranges of IP addresses, written <c>192.0.2.0/24,2001:db8::/32</c> (RFC 4632, RFC 4291); an address alone is a range of one. An IPv4 address that is mapped into IPv6 counts as the
/// IPv4 address that it is, in a range as well as in what is looked for.
/// </summary>
public sealed class AddressRanges
{
    /// <summary>The most ranges that are read: 100.</summary>
    public const int MaxRanges = 100;

    private const int MappedPrefix = 96;

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    private readonly ImmutableArray<IPNetwork> _ranges;

    private AddressRanges(ImmutableArray<IPNetwork> ranges) => _ranges = ranges;

    /// <summary>No range.</summary>
    public static AddressRanges None { get; } = new([]);

    /// <summary>What is not of the public internet: a machine's own addresses, private networks, links, multicast, what is reserved (RFC 6890), and IPv6 addresses that stand for IPv4 ones, but for those behind a translator (NAT64), which are as the address that they stand for.</summary>
    public static AddressRanges Private { get; } = TryParse(
        "0.0.0.0/8,10.0.0.0/8,100.64.0.0/10,127.0.0.0/8,169.254.0.0/16,172.16.0.0/12,192.0.0.0/24,192.168.0.0/16,198.18.0.0/15,224.0.0.0/4,240.0.0.0/4,"
        + "::/96,::ffff:0:0:0/96,64:ff9b:1::/48,2001::/32,2002::/16,fc00::/7,fe80::/10,fec0::/10,ff00::/8",
        out var all) ? all : throw new InvalidOperationException("The list is not one.");

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _ranges.IsEmpty;

    /// <summary>Whether an address lies in one of them.</summary>
    public bool Contains(IPAddress address)
    {
        var plain = Plain(address);
        return _ranges.Any(range => range.Contains(plain)) || (Translated(plain) is { } beyond && _ranges.Any(range => range.Contains(beyond)));
    }

    /// <summary>The IPv4 address that a translator takes an IPv6 address to (NAT64, RFC 6052); null when it is no such one.</summary>
    private static IPAddress? Translated(IPAddress address) => Nat64.Contains(address) ? new IPAddress(address.GetAddressBytes()[12..]) : null;

    /// <summary>An address as what it is, when it is an IPv4 address that is mapped into IPv6.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Reads ranges, separated by commas or spaces: at least one, at most <see cref="MaxRanges"/>, and no range with bits beyond its prefix.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AddressRanges? ranges)
    {
        ranges = null;
        var parts = text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length is 0 or > MaxRanges) return false;
        var read = ImmutableArray.CreateBuilder<IPNetwork>(parts.Length);
        foreach (var part in parts)
        {
            if (!TryParseOne(part, out var range)) return false;
            if (!read.Contains(range)) read.Add(range);
        }

        ranges = new(read.ToImmutable());
        return true;
    }

    /// <summary>The ranges as they are read.</summary>
    public override string ToString() => string.Join(',', _ranges);

    private static bool TryParseOne(string text, out IPNetwork range)
    {
        range = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var written = slash < 0 ? text : text[..slash];
        // The framework also reads numbers, octal and hexadecimal ones, as IPv4 addresses: nobody means that.
        if (written.Contains('%', StringComparison.Ordinal) || !IPAddress.TryParse(written, out var address)) return false;
        if (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != written) return false;
        var longest = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var length = longest;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > longest)) return false;
        if (address.IsIPv4MappedToIPv6 && length >= MappedPrefix) (address, length) = (address.MapToIPv4(), length - MappedPrefix);
        if (!IsPrefix(address, length)) return false;
        range = new(address, length);
        return true;
    }

    private static bool IsPrefix(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            if ((bytes[bit / 8] & (0x80 >> (bit % 8))) != 0) return false;
        }

        return true;
    }
}
