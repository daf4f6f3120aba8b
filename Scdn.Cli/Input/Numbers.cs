using System.CommandLine.Parsing;

namespace Scdn.Cli.Input;

/// <summary>Whole numbers in options: what an option doesn't take is refused with what it takes.</summary>
internal static class Numbers
{
    /// <summary>Takes a range, its ends included.</summary>
    public static Action<OptionResult> Between(int least, int most) => Where(value => value >= least && value <= most, $"{least} to {most}");

    /// <summary>Takes what <paramref name="holds"/>, which <paramref name="those"/> says in words.</summary>
    public static Action<OptionResult> Where(Func<int, bool> holds, string those) => result =>
    {
        if (result.Errors.Any() || result.Tokens.Count == 0) return;
        if (!int.TryParse(result.Tokens[0].Value, out var value) || !holds(value)) result.AddError($"{result.Option.Name} takes {those}.");
    };
}
