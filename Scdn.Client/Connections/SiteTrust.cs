using Scdn.Format;

namespace Scdn.Client.Connections;

/// <summary>How a control host, such as a contents site, is known to be the right one.</summary>
/// <param name="Pins">What it goes by over TLS; null: an authority that the system trusts vouches for it.</param>
/// <param name="InsecureHttp">Whether it may be asked in plain http off loopback: only where nobody else can listen in.</param>
public sealed record SiteTrust(KeyPins? Pins = null, bool InsecureHttp = false)
{
    /// <summary>By the word of an authority, over TLS; on loopback by itself.</summary>
    public static SiteTrust ByAuthority { get; } = new();

    /// <summary>Why a host can't be asked as it is, in a sentence; null when it can.</summary>
    /// <param name="host">Its address.</param>
    public string? WhyNot(Uri host) => Pins is not null && host.Scheme == Uri.UriSchemeHttp
        ? $"{host.GetLeftPart(UriPartial.Authority)} is plain http, which shows no key that could have a pin: say https, or name no pin."
        : PlainHttp.WhyNot(host, InsecureHttp);

    /// <summary>What a host that was known by a pin goes by from now on, as it says itself: it may have told of a successor to its key.</summary>
    /// <param name="told">What it said, among what others go by.</param>
    public SiteTrust Learn(IEnumerable<KeyPins?> told) =>
        Pins is { } known && told.FirstOrDefault(pins => pins is { } present && present.All.Intersect(known.All).Any()) is { } fresh ? this with { Pins = fresh } : this;
}
