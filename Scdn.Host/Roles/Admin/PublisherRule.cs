using Scdn.Format;
using Scdn.Grains;

namespace Scdn.Host.Roles.Admin;

/// <summary>Whose headers are published here, when they were signed elsewhere: those of the publishers who were named, or, when nobody was, of whomever an operator publishes.</summary>
internal sealed class PublisherRule(AdminOptions options)
{
    /// <summary>Why a header is not taken; null: it is.</summary>
    public Refusal? WhyNot(Header header) => options.Trusted.IsEmpty || options.Trusted.Contains(header.Publisher)
        ? null
        : Refusal.Denied($"Content {header.Content} is signed by publisher {header.Publisher}, whom this host does not trust: start it with {AdminHostRole.TrustOption} {header.Publisher} too, or sign with another key.");
}
