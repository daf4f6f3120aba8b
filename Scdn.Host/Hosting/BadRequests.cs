using System.Text.Json;
using System.Text.RegularExpressions;

namespace Scdn.Host.Hosting;

/// <summary>What is wrong with a request, in the words of who wrote it: the framework's speak of types that they can't see.</summary>
internal static partial class BadRequests
{
    public static string Explain(BadHttpRequestException fault)
    {
        if (fault.InnerException is JsonException body) return Explain(body);
        if (Unbound().Match(fault.Message) is { Success: true } unbound) return $"'{unbound.Groups["value"].Value}' is not a value for '{unbound.Groups["name"].Value}'.";
        if (Missing().Match(fault.Message) is not { Success: true } missing) return fault.Message;
        return missing.Groups["place"].Value == "body" ? "The request has no body: send JSON." : $"The request does not say '{missing.Groups["name"].Value}'.";
    }

    public static string Explain(JsonException fault)
    {
        var place = fault.Path is null or "$" ? "" : $" at '{LogText.OneLine(fault.Path)}'";
        if (Lacking().Match(fault.Message) is { Success: true } lacking) return $"The request's body lacks {lacking.Groups["names"].Value}{place}.";
        var isUnknown = fault.Message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal);
        return isUnknown ? $"The request's body has a field that is not known here{place}: leave it out, or see how it is spelt." : $"The request's body is not JSON of the expected form{place}: a value is missing there, or of another kind.";
    }

    [GeneratedRegex("^Failed to bind parameter \"\\S+ (?<name>\\w+)\" from \"(?<value>.*)\"\\.$", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Unbound();

    [GeneratedRegex("was missing required properties including: (?<names>.+)\\.$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Lacking();

    [GeneratedRegex("^Required parameter \"\\S+ (?<name>\\w+)\" was not provided from (?<place>[\\w ]+)\\.$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Missing();
}
