using System.Text.RegularExpressions;

namespace Scdn.Host.Tests.Docs;

/// <summary>The commands of a document, in order, each with what the document says that it prints.</summary>
/// <param name="Command">Lines of a shell.</param>
/// <param name="Kind">What the document shows as printed: <c>json</c>, <c>text</c>; null: nothing.</param>
/// <param name="Printed">That.</param>
internal sealed partial record DocumentedCommands(string Command, string? Kind, string Printed)
{
    public static IReadOnlyList<DocumentedCommands> In(string document)
    {
        List<DocumentedCommands> all = [];
        foreach (Match block in Block().Matches(document))
        {
            var (kind, text) = (block.Groups["kind"].Value, block.Groups["text"].Value);
            if (kind == "sh") all.Add(new(text, null, ""));
            else if (all is [.., { Kind: null } last]) all[^1] = last with { Kind = kind, Printed = text };
        }

        return all;
    }

    [GeneratedRegex("^```(?<kind>[a-z]+)\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Block();
}
