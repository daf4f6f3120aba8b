using System.CommandLine;
using Scdn.Cli.Output;
using Scdn.Cli.Publishers;

namespace Scdn.Cli.Commands.Publishers;

/// <summary><c>scdn keygen</c>: a publisher's key: one's own, a new one in its place, or one in another file.</summary>
internal static class Keygen
{
    private static readonly Option<FileInfo?> Out = new("--out") { Description = "Write a key that is not your own to this file, which only you can read; --publisher of 'split' and 'publish' signs with it.", HelpName = "FILE" };

    private static readonly Option<bool> Rotate = new("--rotate")
    {
        Description = "Become a new publisher. The former key is kept, your older headers stay yours, and a succession is written that tells others who you are now.",
    };

    public static Command Create()
    {
        var command = new Command("keygen", "Makes your publisher's key, which signs what you split (else it is made at first use).") { Out, Rotate };
        command.Validators.Add(result =>
        {
            if (result.GetValue(Rotate) && result.GetValue(Out) is not null) result.AddError("--rotate is for your own key, --out for another one: give one of them.");
        });
        return command.Runs(RunAsync);
    }

    private static Task RunAsync(CommandContext context, CancellationToken stop)
    {
        if (context.Get(Rotate)) return RotateAsync(context, stop);
        if (context.Get(Out)?.FullName is { } path)
        {
            if (Path.Exists(path)) throw new CliException($"The file {path} exists already: choose another name.");
            using var key = PublisherIdentity.CreateIn(path);
            Tell(context, new(key.Id, path), $"The key of publisher {key.Id} was written to {path}: keep it safe.");
        }
        else
        {
            using var key = PublisherIdentity.Create();
            Tell(context, new(key.Id, PublisherIdentity.KeyPath), $"You are publisher {key.Id}; your key is {PublisherIdentity.KeyPath}: keep it safe.");
        }

        return Task.CompletedTask;
    }

    private static async Task RotateAsync(CommandContext context, CancellationToken stop)
    {
        using var turn = await PublisherLock.TakeAsync(stop);
        var succession = KeyRotation.Run(TimeProvider.System.GetUtcNow());
        var path = FormerKeys.SuccessionPath(succession.Former);
        Tell(
            context,
            new(succession.Successor, PublisherIdentity.KeyPath, succession.Former, path),
            $"You are publisher {succession.Successor} now; {succession.Former} is a former key of yours. Give those who trust it {path}, and tell them the new digits by another way.");
    }

    private static void Tell(CommandContext context, KeygenOutput output, string sentence) => context.Printer.Result(output, CliJson.Lines.KeygenOutput, sentence);
}
