using System.Globalization;
using Scdn.Client.Licences;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Player.Sessions;

/// <summary>Shows a viewer what there is to play and asks for a number, while what the list shows first is made ready to be played.</summary>
/// <param name="screen">Where the list and the question go.</param>
/// <param name="readLine">Gives what is typed; null at the end of it.</param>
public sealed class ContentChoice(TextWriter screen, Func<CancellationToken, Task<string?>> readLine)
{
    /// <summary>So many of the first are made ready: 5 MiB, seldom more.</summary>
    private const int MadeReady = 5;

    /// <summary>So many at the same time: the first are ready the sooner.</summary>
    private const int AtOnce = 2;

    /// <summary>On the terminal.</summary>
    /// <param name="screen">Where the list and the question go.</param>
    /// <exception cref="PlayerException">There is none.</exception>
    public static ContentChoice OnTerminal(TextWriter screen) => Console.IsInputRedirected
        ? throw new PlayerException("Say which CONTENT to play, by its id or title: there is no terminal to choose one on.")
        : new(screen, stop => Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(stop));

    /// <summary>Asks until a content is chosen.</summary>
    /// <param name="contents">What there is.</param>
    /// <param name="prepare">Makes one ready.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PlayerException">There is nothing to choose from, or nothing was chosen.</exception>
    public async Task<ContentId> ChooseAsync(IReadOnlyList<ContentSummary> contents, Func<ContentId, CancellationToken, Task> prepare, CancellationToken cancellationToken)
    {
        if (contents.Count == 0) throw new PlayerException("There is nothing that you may play: ask whoever runs the site.");
        using var chosen = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var preparing = PrepareAsync(prepare, contents, chosen.Token);
        try
        {
            foreach (var line in Lines(contents)) await screen.WriteLineAsync(line);
            return await AskAsync(contents, cancellationToken);
        }
        finally
        {
            // From here on the line is the play's.
            await chosen.CancelAsync();
            await preparing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static Task PrepareAsync(Func<ContentId, CancellationToken, Task> prepare, IReadOnlyList<ContentSummary> contents, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        contents.Take(MadeReady).Where(content => content.PlaysLeft is not 0),
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
        async (content, stop) => await prepare(content.Id, stop));

    private async Task<ContentId> AskAsync(IReadOnlyList<ContentSummary> contents, CancellationToken cancellationToken)
    {
        while (true)
        {
            await screen.WriteAsync("Number, or q to leave: ");
            await screen.FlushAsync(cancellationToken);
            if (await readLine(cancellationToken) is not { } typed || typed.Trim() is "" or "q") throw new PlayerException("Nothing was chosen.");
            if (int.TryParse(typed.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= contents.Count) return contents[number - 1].Id;
            if (contents.Where(content => content.Title.Equals(typed.Trim(), StringComparison.OrdinalIgnoreCase)).ToList() is [var named]) return named.Id;
            await screen.WriteLineAsync($"Type a number from 1 to {contents.Count}.");
        }
    }

    private static IEnumerable<string> Lines(IReadOnlyList<ContentSummary> contents)
    {
        var titles = contents.Select(content => string.Concat(content.Title.Where(ShownText.MayShow))).ToList();
        var width = titles.Max(title => title.Length);
        var twins = contents.GroupBy(content => content.Title).Where(same => same.Count() > 1).Select(same => same.Key).ToHashSet();
        return contents.Select((content, place) =>
            $"{place + 1,4}  {titles[place].PadRight(width)}  {Size(content.Length),10}  {content.Published:yyyy-MM-dd}  {(twins.Contains(content.Title) ? $"{content.Id}  " : "")}{Left(content)}".TrimEnd());
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.0} MiB");

    private static string Left(ContentSummary content) => content.PlaysLeft switch
    {
        0 => "used up or over",
        null when content.Until is null => "",
        var left => LimitWords.Left(left, content.Until),
    };
}
