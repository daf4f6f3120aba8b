using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.Configurations;
using Scdn.Grains.ContentServers;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.FolderFiles;
using Scdn.Grains.Manifests;
using Scdn.Grains.Replicas;
using Scdn.Grains.Roles;
using Scdn.Grains.Sessions;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;

namespace Scdn.Host.Roles.Admin;

/// <summary>What happens, as sentences, from now on: changes of grains from the feed, and content servers that fall silent or come back from the IP master.</summary>
internal sealed class LiveEvents(IChangeFeed feed, IIpMaster ipMaster, TimeProvider time)
{
    private const int MaxWaiting = 256;
    private static readonly TimeSpan PulseInterval = TimeSpan.FromSeconds(1);

    public async IAsyncEnumerable<LiveEvent> FollowAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var events = Channel.CreateBounded<LiveEvent>(MaxWaiting);
        var sources = Task.WhenAll(TellChangesAsync(events.Writer, stop.Token), TellPulseAsync(events.Writer, stop.Token));
        try
        {
            await foreach (var told in events.Reader.ReadAllAsync(cancel)) yield return told;
        }
        finally
        {
            await stop.CancelAsync();
            await sources.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task TellChangesAsync(ChannelWriter<LiveEvent> events, CancellationToken cancel)
    {
        try
        {
            var names = new Names();
            var caughtUp = false;
            await foreach (var item in feed.FollowAsync(from: null, cancel))
            {
                if (item is FeedCaughtUp) caughtUp = true;
                if (item is not FeedChange change) continue;
                names.Learn(change);
                if (caughtUp && Tell(change, names) is { } told) await events.WriteAsync(told, cancel);
            }
        }
        catch (Exception fault)
        {
            events.TryComplete(fault);
        }
    }

    private async Task TellPulseAsync(ChannelWriter<LiveEvent> events, CancellationToken cancel)
    {
        try
        {
            var alive = new Dictionary<ServerId, bool>();
            using var timer = new PeriodicTimer(PulseInterval, time);
            do
            {
                foreach (var server in (await ipMaster.ListServersAsync(Done.Instance, cancel)).Value ?? [])
                {
                    var known = alive.TryGetValue(server.Id, out var before);
                    alive[server.Id] = server.Alive;
                    if (!known || before == server.Alive) continue;
                    var text = server.Alive ? $"Content server {server.Name} reports." : $"Content server {server.Name} has fallen silent: viewers are not sent there.";
                    await events.WriteAsync(new LiveEvent(time.GetUtcNow(), "server", text), cancel);
                }
            }
            while (await timer.WaitForNextTickAsync(cancel));
        }
        catch (Exception fault)
        {
            events.TryComplete(fault);
        }
    }

    private static LiveEvent? Tell(FeedChange change, Names names)
    {
        var (kind, text) = Sentence(change, names);
        return text is null ? null : new LiveEvent(change.At, kind, text);
    }

    private static (string Kind, string? Text) Sentence(FeedChange change, Names names)
    {
        if (change.As<ManifestState>() is { } manifest)
            return ("content", manifest.Withdrawn is null ? $"'{manifest.Title}' is published in version {manifest.Version}." : $"'{manifest.Title}' is withdrawn.");
        if (change.As<ReplicaState>() is { } replica) return ("replica", Sentence(replica, names));
        if (change.As<SessionState>() is { } session) return ("session", session.Ended is null ? $"{session.User} has signed in." : $"{session.User} has signed out.");
        if (change.As<AuthKeyState>() is { } key)
            return ("key", $"A key of {key.User} for '{names.Title(key.Content)}' was {(key.Revoked is null ? "issued" : "revoked")}.");
        if (change.As<ContentServerState>() is { } server)
            return ("server", server.Expelled is null ? $"Content server {server.Name} serves at {server.Uri}." : $"Content server {server.Name} was expelled.");
        if (change.As<ControlHostState>() is { } host) return ("host", host.Removed is null ? $"Control host {change.Id} is at {host.Uri}, since {host.Started:u}." : $"Control host {change.Id} was removed.");
        if (change.As<UserState>() is { } user) return ("user", user.Disabled is not null ? $"User {user.Name} was disabled." : change.Version == 1 ? $"User {user.Name} was added." : $"User {user.Name} was changed.");
        if (change.As<ConfigurationState>() is { History: [.., var last] })
            return ("configuration", $"{last.By} changed {string.Join(", ", last.Changes.Select(one => one.Name))}: version {last.Version} of the configuration.");
        if (change.As<FolderFileState>() is { Refused: { } reason }) return ("folder", reason);
        return ("", null);
    }

    private static string? Sentence(ReplicaState replica, Names names)
    {
        var (server, title) = (names.Server(replica.Server), names.Title(replica.Content));
        if (replica.Wanted == 0) return replica.Held == 0 ? $"{server} no longer holds '{title}'." : null;
        return ReplicaGrain.Serves(replica) ? $"{server} holds '{title}', version {replica.Held}, whole." : $"{server} is to hold '{title}', version {replica.Wanted}.";
    }

    /// <summary>What ids are called.</summary>
    private sealed class Names
    {
        private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

        public void Learn(FeedChange change)
        {
            if (change.As<ManifestState>() is { } manifest) _names[change.Id] = manifest.Title;
            else if (change.As<ContentServerState>() is { } server) _names[change.Id] = server.Name;
        }

        public string Title(ContentId content) => _names.GetValueOrDefault(content.ToString(), content.ToString());

        public string Server(ServerId server) => _names.GetValueOrDefault(server.ToString(), server.ToString());
    }
}
