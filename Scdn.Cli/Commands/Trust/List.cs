using System.CommandLine;
using Scdn.Cli.Output;
using Scdn.Cli.Publishers;

namespace Scdn.Cli.Commands.Trust;

/// <summary><c>scdn trust list</c>: everybody whose headers are taken, oneself included.</summary>
internal static class List
{
    public static Command Create() => new Command("list", "Lists the publishers whose headers you take, yourself included.").Runs(RunAsync);

    private static Task RunAsync(CommandContext context, CancellationToken stop)
    {
        var signers = Signers.All().ToList();
        context.Printer.Result(signers, CliJson.Lines.IReadOnlyListSigner, console =>
        {
            var table = Tables.New("publisher", "who");
            foreach (var signer in signers) table.Row(signer.Publisher, signer.Words);
            console.Write(table);
        });
        return Task.CompletedTask;
    }
}
