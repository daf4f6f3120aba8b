using System.CommandLine;
using Scdn.Cli.Output;

namespace Scdn.Cli;

/// <summary>What a command works with.</summary>
/// <param name="Parsed">What was typed.</param>
/// <param name="Printer">Where results go.</param>
internal sealed record CommandContext(ParseResult Parsed, Printer Printer)
{
    /// <summary>What to say when it is interrupted: what was left behind. Commands that leave something set it.</summary>
    public string OnInterrupted { get; set; } = "Interrupted; nothing was left behind.";

    /// <summary>Whether lines of progress are shown; not by what is part of a larger work that shows its own.</summary>
    public bool ShowsProgress { get; init; } = true;

    /// <summary>An argument's value.</summary>
    public T Get<T>(Argument<T> argument) => Parsed.GetRequiredValue(argument);

    /// <summary>An option's value, or its default.</summary>
    public T? Get<T>(Option<T> option) => Parsed.GetValue(option);

    /// <summary>A line of progress on standard error.</summary>
    public ProgressLine Progress(string what) => new(ShowsProgress ? Printer.Progress : null, what, TimeProvider.System);
}
