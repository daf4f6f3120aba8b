using System.Globalization;
using System.Net;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.Devices;
using Scdn.Grains.Streams;

namespace Scdn.Grains.Limits;

/// <summary>The limits that an account or a content has of its own.</summary>
/// <param name="Streams">Streams at the same time; 0: without limit; null: as for everybody, of a content without limit.</param>
/// <param name="Devices">Devices of an account; 0: without limit; null: as for everybody.</param>
/// <param name="Addresses">From where it is played, as <see cref="AddressRanges"/> reads it; null: from anywhere.</param>
public sealed record OwnLimits(int? Streams = null, int? Devices = null, string? Addresses = null)
{
    /// <summary>What is written for no limit.</summary>
    public const string None = "none";

    /// <summary>What is written for a limit that is as for everybody.</summary>
    public const string Default = "default";

    /// <summary>None at all.</summary>
    public static OwnLimits Empty { get; } = new();

    /// <summary>The limits of an account with some of them changed; all that is wrong is refused together.</summary>
    public Outcome<OwnLimits> With(UserLimits edit)
    {
        var faults = new List<string>();
        var next = new OwnLimits(
            Read(edit.Streams, Streams, StreamPlace.MaxLimit, hasDefault: true, "streams", faults),
            Read(edit.Devices, Devices, DeviceGrain.MaxDevices, hasDefault: true, "devices", faults),
            ReadAddresses(edit.Addresses, faults));
        return faults.Count > 0 ? Refusal.Invalid(string.Join(' ', faults)) : next;
    }

    /// <summary>The limits of a content with some of them changed; all that is wrong is refused together.</summary>
    public Outcome<OwnLimits> With(ContentLimits edit)
    {
        var faults = new List<string>();
        var next = this with { Streams = Read(edit.Streams, Streams, StreamPlace.MaxLimit, hasDefault: false, "streams", faults), Addresses = ReadAddresses(edit.Addresses, faults) };
        return faults.Count > 0 ? Refusal.Invalid(string.Join(' ', faults)) : next;
    }

    /// <summary>A number as it is written; null: it is as for everybody.</summary>
    public static string? Write(int? number) => number is 0 ? None : number?.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number of one's own, or everybody's; null: without limit.</summary>
    public static int? Effective(int? own, int? everybody) => own switch { 0 => null, null => everybody, _ => own };

    /// <summary>Whether it may be played from an address; null: one that is not known.</summary>
    public bool Allows(IPAddress? address) => Addresses is null || (address is not null && AddressRanges.TryParse(Addresses, out var ranges) && ranges.Contains(address));

    private static int? Read(string? text, int? present, int most, bool hasDefault, string name, List<string> faults)
    {
        if (text is null) return present;
        if (text == None) return hasDefault ? 0 : null;
        if (hasDefault && text == Default) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most) return number;
        faults.Add($"{name}: it takes a number from 1 to {most}{(hasDefault ? $", {None} or {Default}" : $" or {None}")}.");
        return present;
    }

    private string? ReadAddresses(string? text, List<string> faults)
    {
        if (text is null) return Addresses;
        if (text == None) return null;
        if (AddressRanges.TryParse(text, out var ranges)) return ranges.ToString();
        faults.Add($"addresses: it takes ranges of IP addresses, such as 10.0.0.0/8,2001:db8::/32, or {None}.");
        return Addresses;
    }
}
