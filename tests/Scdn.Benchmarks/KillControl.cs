using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using Scdn.Format.Wire;
using Scdn.Grains.Licences;
using Scdn.Host.Data.Sqlite;
using Scdn.Testing;

namespace Scdn.Benchmarks;

/// <summary>
/// A cluster of real processes at which viewers sign in and play without a pause, over HTTP. Its control hosts are killed with signal 9 at instants of chance, and started again. What the viewers were answered is the ledger; what was not answered they ask
/// for again, under the same id, as clients do. Beside the content servers one more follows the feed.
/// </summary>
internal static class KillControl
{
    private static readonly Option<string> Engine = new("--engine") { Description = "sqlite or postgres.", DefaultValueFactory = _ => "sqlite" };
    private static readonly Option<int> Runs = new("--runs") { Description = "How often a control host is killed.", DefaultValueFactory = _ => 50 };
    private static readonly Option<int> Viewers = new("--viewers") { Description = "How many play at the same time.", DefaultValueFactory = _ => 8 };

    public static Command Create()
    {
        var command = new Command("kill-control", "What is lost, counted twice and told wrongly when control hosts are killed while viewers play.") { Engine, Runs, Viewers };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(Engine)!, parsed.GetValue(Runs), parsed.GetValue(Viewers), stop));
        return command;
    }

    private static async Task<int> RunAsync(string engine, int runs, int viewers, CancellationToken stop)
    {
        await using var place = await BenchmarkPlace.MakeAsync(engine);
        var database = engine == "postgres" ? await place.NewStoreAsync() : null;
        await using var cluster = await BenchmarkCluster.StartAsync(seconds: 4, database);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var told = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var server = await cluster.ServerIdAsync("s1");
        using var follower = FeedListener.AsServer(cluster, "s1");
        var following = follower.RunAsync(told.Token);
        var answered = new ConcurrentBag<AnsweredPlay>();
        var watching = Enumerable.Range(0, viewers).Select(viewer => new PlayingViewer(cluster, answered).RunAsync(viewer, ended.Token)).ToList();
        for (var run = 0; run < runs; run++)
        {
            await Task.Delay(Random.Shared.Next(20, 2500), stop);
            // The one that has the site too, or the other gateway.
            var restart = await cluster.Cluster.KillToRestartAsync(run % 3 == 2 ? "gateway-2" : "control");
            await restart();
        }

        await ended.CancelAsync();
        var repeated = (await Task.WhenAll(watching)).Sum();
        await Eventually.HoldsAsync(() => answered.All(play => !play.Key.Aud.Contains(server) || follower.HasHeardOf(play.Key.Jti)), "the follower is told of all keys that name it");
        await told.CancelAsync();
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        await using var store = await BenchmarkStore.OpenAsync(database ?? StoreFile.In(Path.Combine(cluster.Cluster.Data, "control")));
        var (lost, doubled) = (0, 0);
        foreach (var plays in answered.GroupBy(play => play.User))
        {
            var licence = (await store.Grains.LoadAsync<LicenceState>(LicenceState.IdOf(plays.Key, cluster.Content), stop))?.State;
            lost += plays.Count(play => licence?.Counted.Any(counted => counted.Play == play.Id) is not true);
            doubled += PlayingViewer.PlaysBought - (licence?.PlaysLeft ?? PlayingViewer.PlaysBought) - plays.Count();
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {engine} | {runs} | {answered.Count} | {repeated} | {lost} | {doubled} | {follower.Moves} | {follower.Resets} | {follower.Repeats} |"));
        return lost == 0 && doubled == 0 && follower.Repeats == 0 ? 0 : 1;
    }
}

/// <summary>A play that a viewer was granted.</summary>
internal sealed record AnsweredPlay(string User, Guid Id, AuthenticationKeyClaims Key);
