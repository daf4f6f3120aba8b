using System.CommandLine;
using Scdn.Format.Wire;

namespace Scdn.Cli.Input;

/// <summary>Instants as options.</summary>
internal static class Times
{
    /// <summary>An option that is an instant or a day, in UTC when it says nothing else.</summary>
    public static Option<DateTimeOffset?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Instants.TryParse(text, out var instant)) return instant;
            result.AddError($"'{text}' is not an instant: {Instants.Form}.");
            return null;
        },
    };
}
