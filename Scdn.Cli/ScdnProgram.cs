using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using Scdn.Cli.Commands;
using Scdn.Cli.Output;

namespace Scdn.Cli;

/// <summary>The program: all commands, and how a line that was typed becomes an exit code.</summary>
internal sealed class ScdnProgram(Screen screen)
{
    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object or array instead of text; errors too.", Recursive = true };

    // A command's action is given nothing but the parse result: what belongs to the run hangs on it.
    private static readonly ConditionalWeakTable<ParseResult, Printer> Printers = [];

    /// <summary>The printer of the run that a command belongs to.</summary>
    public static Printer PrinterOf(ParseResult parsed) => Printers.TryGetValue(parsed, out var printer) ? printer : throw new InvalidOperationException("Not run by this program.");

    public async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var root = AllCommands.For(args);
        root.Options.Add(Json);
        var parsed = root.Parse(args);
        var printer = new Printer(screen, parsed.GetValue(Json));
        Printers.Add(parsed, printer);

        if (parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction)
        {
            printer.Error($"{string.Join(' ', parsed.Errors.Select(error => error.Message))} See '{PathOf(parsed.CommandResult)} --help'.");
            return ExitCode.Usage;
        }

        using var interruption = new Interruption();
        var invocation = new InvocationConfiguration { Output = screen.Out, Error = screen.Errors, ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
        var code = await parsed.InvokeAsync(invocation, interruption.Token);
        return code == ExitCode.Interrupted && interruption.Code != 0 ? interruption.Code : code;
    }

    private static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "scdn";
}
