using System.CommandLine;
using Scdn.Cli.Input;
using Scdn.Cli.Output;
using Scdn.Format.Wire;
using Spectre.Console;

namespace Scdn.Cli.Commands;

/// <summary>Long lists, a page at a time.</summary>
internal static class Paging
{
    private const int MostAtOnce = 1000;

    /// <summary>How many are listed.</summary>
    public static Option<int> LimitOption()
    {
        var option = new Option<int>("--limit") { Description = "At most so many.", HelpName = "N", DefaultValueFactory = _ => 100 };
        option.Validators.Add(Numbers.Where(value => value >= 1, "1 or more"));
        return option;
    }

    /// <summary>Where to go on from.</summary>
    public static Option<string?> AfterOption() => new("--after") { Description = "Go on where a list ended, with what it said there.", HelpName = "CURSOR" };

    /// <summary>As many as are wanted, from as many pages as they take.</summary>
    public static async Task<Page<T>> GatherAsync<T>(string? after, int limit, Func<string?, int, Task<Page<T>>> ask)
    {
        var items = new List<T>();
        while (true)
        {
            var page = await ask(after, Math.Min(limit - items.Count, MostAtOnce));
            items.AddRange(page.Items);
            after = page.Next;
            if (after is null || items.Count >= limit) return new(items, after);
        }
    }

    /// <summary>A table, and how to get at what it does not show.</summary>
    public static void Show<T>(this IAnsiConsole console, Table table, Page<T> page)
    {
        console.Write(table);
        if (page.Next is { } next) console.Sentence($"There are more: go on with --after {next}");
    }
}
