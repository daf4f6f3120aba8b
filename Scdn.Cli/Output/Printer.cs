using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Scdn.Cli.Output;

/// <summary>Says results and errors, for people or (with <c>--json</c>) for programs.</summary>
internal sealed class Printer
{
    private readonly Screen _screen;

    public Printer(Screen screen, bool json)
    {
        _screen = screen;
        Json = json;
        Console = ConsoleOn(screen.Out, screen.OutIsTerminal);
        Progress = !json && screen.ErrorsAreTerminal ? screen.Errors : null;
    }

    /// <summary>Whether a program reads along.</summary>
    public bool Json { get; }

    /// <summary>Where people's results are drawn; never colours or cursor codes when it is no terminal.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>Where progress is drawn; null when nobody would see it.</summary>
    public TextWriter? Progress { get; }

    /// <summary>Whether the result can be redrawn in place.</summary>
    public bool CanRedraw => !Json && _screen.OutIsTerminal;

    /// <summary>A command's result: one line of JSON, or what <paramref name="show"/> draws.</summary>
    public void Result<T>(T value, JsonTypeInfo<T> type, Action<IAnsiConsole> show)
    {
        ClearProgress();
        if (Json) _screen.Out.WriteLine(JsonSerializer.Serialize(value, type));
        else show(Console);
        _screen.Out.Flush();
    }

    /// <summary>A result that is one sentence for people.</summary>
    public void Result<T>(T value, JsonTypeInfo<T> type, string sentence) => Result(value, type, _ => _screen.Out.WriteLine(Printable.Line(sentence)));

    /// <summary>What another program of ours has printed as its result, for whoever reads along.</summary>
    public void Passed(string text)
    {
        ClearProgress();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries)) _screen.Out.WriteLine(Printable.Line(line.TrimEnd('\r')));
        _screen.Out.Flush();
    }

    /// <summary>A sentence on the way to the result, for people only.</summary>
    public void Say(string sentence)
    {
        if (Json) return;
        ClearProgress();
        _screen.Out.WriteLine(Printable.Line(sentence));
        _screen.Out.Flush();
    }

    /// <summary>A sentence beside the result, on standard error, for people only.</summary>
    public void Note(string sentence)
    {
        if (Json) return;
        ClearProgress();
        _screen.Errors.WriteLine(Printable.Line(sentence));
        _screen.Errors.Flush();
    }

    /// <summary>Says why there is no result.</summary>
    public void Error(string sentence)
    {
        ClearProgress();
        _screen.Errors.WriteLine(Json ? JsonSerializer.Serialize(new ErrorOutput(sentence), CliJson.Lines.ErrorOutput) : $"scdn: {Printable.Line(sentence)}");
        _screen.Errors.Flush();
    }

    // A line of progress may still stand there; it is drawn again with its next news.
    private void ClearProgress()
    {
        Progress?.Write(ProgressLine.Clear);
        Progress?.Flush();
    }

    private static IAnsiConsole ConsoleOn(TextWriter writer, bool terminal)
    {
        var colours = terminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        // A pipe has no width: nothing is wrapped or cut for it.
        if (!terminal) console.Profile.Width = 500;
        return console;
    }
}
