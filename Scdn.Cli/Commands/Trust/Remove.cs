using System.CommandLine;
using Scdn.Cli.Input;
using Scdn.Cli.Output;
using Scdn.Cli.Publishers;

namespace Scdn.Cli.Commands.Trust;

/// <summary><c>scdn trust remove</c>: a publisher's headers are taken no more, those of a former key of one's own either.</summary>
internal static class Remove
{
    private static readonly Argument<string> Publisher = new("PUBLISHER") { Description = "The publisher's 64 digits or name; a former key of yours, too." };

    public static Command Create() => new Command("remove", "Takes no more headers of a publisher, such as one whose key was stolen.") { Publisher }.Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var turn = await PublisherLock.TakeAsync(stop);
        var signer = Choice.Find(Signers.All().ToList(), context.Get(Publisher), one => one.Publisher.ToString(), one => one.Name ?? one.Publisher.ToString(), "publisher", "scdn trust list");
        if (signer.Standing is Standing.You) throw new CliException($"Publisher {signer.Publisher} is you: get another key with 'scdn keygen --rotate' first.");
        var list = TrustList.Read();
        if (list.RemoveAll(one => one.Id == signer.Publisher) > 0) TrustList.Write(list);
        var kept = signer.Standing is Standing.Former ? $" The key itself is kept in {FormerKeys.Remove(signer.Publisher)}." : "";
        context.Printer.Result(new(signer.Publisher.ToString(), "removed"), CliJson.Lines.DoneOutput, $"Headers of publisher {signer.Publisher} are taken no more.{kept}");
    }
}
