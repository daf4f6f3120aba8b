using System.CommandLine;
using Scdn.Cli.Commands.Contents;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Format;

namespace Scdn.Cli.Commands.Statistics;

/// <summary>What statistics and records are narrowed down to.</summary>
internal static class Filters
{
    private const int MaxRows = 10_000;

    public static Option<DateTimeOffset?> From { get; } = Times.Option("--from", "From this time on, such as 2026-01-31 or 2026-01-31T18:00Z.");

    public static Option<DateTimeOffset?> To { get; } = Times.Option("--to", "Up to this time.");

    public static Option<string?> Content { get; } = new("--content") { Description = "Of this content only: its title or id.", HelpName = "CONTENT" };

    public static Option<string?> Server { get; } = new("--server") { Description = "Of this content server only: its name or id.", HelpName = "SERVER" };

    public static Option<string?> User { get; } = new("--user") { Description = "Of this user only.", HelpName = "NAME" };

    public static Option<int> Limit { get; } = new("--limit") { Description = $"How many rows, 1 to {MaxRows}.", HelpName = "N", DefaultValueFactory = _ => 50, Validators = { Numbers.Between(1, MaxRows) } };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } = [From, To, Content, Server, User, Limit];

    /// <summary>What was given, as the parameters of an address. What is named by its id need not be there any more.</summary>
    public static async Task<IReadOnlyList<(string Name, string? Value)>> ReadAsync(CommandContext context, AdminClient admin, CancellationToken stop)
    {
        var parameters = new List<(string, string?)> { ("limit", $"{context.Get(Limit)}") };
        if (context.Get(From) is { } from) parameters.Add(("from", $"{from.UtcDateTime:O}"));
        if (context.Get(To) is { } to) parameters.Add(("to", $"{to.UtcDateTime:O}"));
        if (context.Get(User) is { } user) parameters.Add(("user", user));
        if (context.Get(Content) is { } content)
            parameters.Add(("content", ContentId.TryParse(content.ToLowerInvariant(), out var id) ? $"{id}" : $"{(await ContentNames.FindAsync(admin, content, stop)).Id}"));
        if (context.Get(Server) is { } server)
            parameters.Add(("server", ServerId.TryParse(server.ToLowerInvariant(), out var id) ? $"{id}" : $"{Choice.Find(await admin.ServersAsync(stop), server, one => one.Id.ToString(), one => one.Name, "content server", "scdn server list").Id}"));
        return parameters;
    }
}
