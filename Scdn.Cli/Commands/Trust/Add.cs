using System.CommandLine;
using Scdn.Cli.Output;
using Scdn.Cli.Publishers;
using Scdn.Format;

namespace Scdn.Cli.Commands.Trust;

/// <summary><c>scdn trust add</c>: a publisher's headers are taken from now on.</summary>
internal static class Add
{
    private static readonly Argument<string> Publisher = new("PUBLISHER|FILE.succession")
    {
        Description = "The publisher's 64 digits, as the publisher told you; or the succession in which one whom you trust names a new key.",
    };

    private static readonly Option<string?> Name = new("--name") { Description = "What you call the publisher (default: as before; of a succession, as the former one).", HelpName = "NAME" };

    public static Command Create() => new Command("add", "Takes headers of a publisher from now on.") { Publisher, Name }.Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        var name = context.Get(Name);
        if (name is not null && !TrustedPublisher.IsName(name)) throw new CliException($"'{name}' can't be a name: {TrustedPublisher.NameRule}.");
        using var turn = await PublisherLock.TakeAsync(stop);
        if (PublisherId.TryParse(context.Get(Publisher), out var publisher))
        {
            var added = Trust(publisher, name);
            Tell(context, new(added.Id, added.Name), $"Headers of publisher {added.Id} are taken from now on.");
            return;
        }

        var (succession, former) = ReadSuccession(context.Get(Publisher));
        var successor = Trust(succession.Successor, name ?? former.Name);
        Tell(
            context,
            new(successor.Id, successor.Name, succession.Former),
            $"Headers of publisher {successor.Id} are taken from now on: {succession.Former} ({former.Words}) named it on {Units.Instant(succession.Made)}. "
            + "So could have who stole the former key: compare the new digits with the publisher.");
    }

    private static (Succession Succession, Signer Former) ReadSuccession(string path)
    {
        if (!File.Exists(path)) throw new CliException($"'{path}' is neither a publisher (64 digits, as 'scdn inspect' shows them) nor a succession file.");
        var succession = Succession.Read(path);
        var former = Signers.Of(succession.Former);
        return former.Standing is not Standing.Unknown
            ? (succession, former)
            : throw new CliException($"{path} was signed by publisher {succession.Former}, who is neither you nor trusted: what it says is worth nothing to you.");
    }

    private static TrustedPublisher Trust(PublisherId publisher, string? name)
    {
        if (Signers.Of(publisher).Standing is Standing.You or Standing.Former) throw new CliException($"Publisher {publisher} is you: your own headers are taken anyway.");
        var list = TrustList.Read();
        var at = list.FindIndex(one => one.Id == publisher);
        var added = new TrustedPublisher(publisher, name ?? (at < 0 ? null : list[at].Name));
        if (at < 0) list.Add(added);
        else list[at] = added;
        TrustList.Write(list);
        return added;
    }

    private static void Tell(CommandContext context, TrustOutput output, string sentence) => context.Printer.Result(output, CliJson.Lines.TrustOutput, sentence);
}
