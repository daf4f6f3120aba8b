using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Audits;

/// <summary><c>scdn audit</c>: what operators did.</summary>
internal static class Audit
{
    private const int MaxEntries = 10_000;

    private static readonly Option<int> Limit = new("--limit")
    {
        Description = $"How many acts, 1 to {MaxEntries}.", HelpName = "N", DefaultValueFactory = _ => 50, Validators = { Numbers.Between(1, MaxEntries) },
    };

    private static readonly Option<Guid?> Before = new("--before") { Description = "Only acts before this one: its id, as --json shows it.", HelpName = "ID" };

    public static Command Create() => new Command("audit", "Shows what operators did, the newest first.") { Limit, Before }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var entries = await admin.AuditAsync(context.Get(Limit), context.Get(Before), stop);
        context.Printer.Result(entries, CliJson.Lines.IReadOnlyListAuditEntry, console =>
        {
            var table = Tables.New("time", "operator", "act", "about", "status");
            foreach (var entry in entries) table.Row(Units.Instant(entry.At), entry.Operator, entry.Act, entry.Subject ?? "", entry.Status is { } status ? status : "cut short");
            console.Write(table);
        });
    }
}
