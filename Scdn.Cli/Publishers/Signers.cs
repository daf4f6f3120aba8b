using System.CommandLine;
using Scdn.Format;

namespace Scdn.Cli.Publishers;

/// <summary>Whose headers this user takes.</summary>
internal static class Signers
{
    public static Option<string[]> TrustOption() => new("--trust")
    {
        Description = "Take headers of this publisher too, this time (the 64 digits that 'scdn inspect' shows; 'scdn trust add' does it for good).",
        HelpName = "PUBLISHER",
    };

    /// <summary>All of them, each once. What comes later is read only when it is asked for, so that nobody's own headers wait for the trust list to be put right.</summary>
    public static IEnumerable<Signer> All()
    {
        HashSet<PublisherId> told = [];
        // The present key first: after a rotation that comes between, it is found among the former ones.
        using (var own = PublisherIdentity.TryLoad())
        {
            if (own is not null && told.Add(own.Id)) yield return new(own.Id, Standing.You);
        }

        foreach (var id in FormerKeys.List())
        {
            if (told.Add(id)) yield return new(id, Standing.Former);
        }

        foreach (var (id, name) in TrustList.Read())
        {
            if (told.Add(id)) yield return new(id, Standing.Trusted, name);
        }
    }

    /// <summary>Who a publisher is to this user.</summary>
    public static Signer Of(PublisherId publisher) => All().FirstOrDefault(one => one.Publisher == publisher) ?? new(publisher, Standing.Unknown);

    /// <summary>Refuses a header of somebody who is neither this user nor trusted.</summary>
    public static void Check(Header header, IReadOnlyCollection<string> trusted)
    {
        var named = trusted.Select(Parse).ToList();
        if (named.Contains(header.Publisher) || Of(header.Publisher).Standing is not Standing.Unknown) return;
        throw new CliException(
            $"The header is signed by publisher {header.Publisher}, who is neither you nor trusted: if these are the digits that the publisher told you, say --trust {header.Publisher}, or 'scdn trust add' for good.");
    }

    /// <summary>A publisher as <c>--trust</c> names it.</summary>
    public static PublisherId Parse(string name) =>
        PublisherId.TryParse(name, out var id) ? id : throw new CliException($"'{name}' is not a publisher: --trust takes the 64 digits that 'scdn inspect' shows.");
}
