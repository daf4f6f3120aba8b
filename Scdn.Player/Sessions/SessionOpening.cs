using System.Diagnostics.CodeAnalysis;
using Scdn.Client.Connections;
using Scdn.Client.Downloads;
using Scdn.Client.Preparing;
using Scdn.Client.Reserving;
using Scdn.Client.Sessions;
using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Player.Reserving;

namespace Scdn.Player.Sessions;

/// <summary>Finds the viewer's session in its file, or signs in and keeps it there.</summary>
/// <param name="Site">The contents site.</param>
/// <param name="User">Who; null: whoever signed in last.</param>
/// <param name="File">Where the session is kept.</param>
/// <param name="AskPassword">Gives the password of an account; only asked when it is needed.</param>
public sealed record SessionOpening(Uri Site, string? User, string File, Func<string, CancellationToken, Task<string>> AskPassword)
{
    /// <summary>Whether to sign in although a session is kept: whoever gives a password wants to know that it is taken.</summary>
    public bool SignInAnew { get; init; }

    /// <summary>Whether the player that is asked for counts seeks.</summary>
    public bool CountsSeeks { get; init; }

    /// <summary>How the site is known to be the right one; what is not said is as it was when the session that is kept was opened.</summary>
    public SiteTrust Trust { get; init; } = SiteTrust.ByAuthority;

    /// <summary>Where a session is kept when nothing else is said: beside the user's settings.</summary>
    public static string DefaultFile => Path.Combine(UserFolders.Config, "session.json");

    /// <summary>Where this device's keys are kept, by which a site knows it again.</summary>
    public static string DeviceFile => Path.Combine(UserFolders.Config, "device.key");

    private string ServersFile => $"{File}.servers";

    /// <summary>Begins to connect to the site, which will be asked soon, beside what is read and typed until then.</summary>
    public void Dial(TimeProvider time) => _ = Task.Run(() =>
    {
        try
        {
            SiteClient.Dial(Site, TrustToDial(time));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Who asks hears of it.
        }
    });

    /// <summary>How a content, found by its id or title, is asked for.</summary>
    public PlayAsking AskFor(string content, TimeProvider time) => new(token => UseAsync(
        async (site, stop) => Remember(await site.PlayAsync(await FindAsync(site, content, stop), CountsSeeks, stop)), time, token, ContentId.TryParse(content, out var named) ? named : null))
    {
        LikelyServers = KnownServers.Read(ServersFile, Site),
        ReserveAsync = (root, token) => ReserveAsync((site, stop) => FindAsync(site, content, stop), root, time, token),
        PrepareAsync = (readiness, options, token) => UseAsync(
            async (site, stop) =>
            {
                var id = await FindAsync(site, content, stop);
                // Who can't be made ready is played from the beginning of all things.
                if (readiness is Readiness.Head) return await new HeadPreparation(site, options).PrepareAsync(id, stop);
                await options.Connections!.WarmAsync(await site.GetServersAsync(id, stop), options, stop);
                return true;
            },
            time,
            token),
    };

    /// <summary>How a content is asked for that the viewer chooses from a list, while the first that it shows are made ready.</summary>
    public PlayAsking AskForChoice(ContentChoice choice, TimeProvider time)
    {
        ContentId? chosen = null;
        return new(token => UseAsync((site, stop) => site.PlayAsync(Chosen(), CountsSeeks, stop), time, token))
        {
            IsChosen = true,
            ReserveAsync = (root, token) => ReserveAsync((_, _) => Task.FromResult(Chosen()), root, time, token),
            PrepareAsync = async (_, options, token) => chosen = await UseAsync(async (site, stop) => await choice.ChooseAsync(await site.GetContentsAsync(stop), new HeadPreparation(site, options).PrepareAsync, stop), time, token),
        };

        ContentId Chosen() => chosen ?? throw new InvalidOperationException("Nothing was chosen yet.");
    }

    /// <summary>Asks the site for something; signs in anew when the session kept is no longer valid.</summary>
    /// <param name="ask">Asks.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="toPlay">What it will ask to play: asked for along with the sign-in, if there is one. Null: nothing, or it is not known yet.</param>
    public async Task<T> UseAsync<T>(Func<SiteClient, CancellationToken, Task<T>> ask, TimeProvider time, CancellationToken cancellationToken, ContentId? toPlay = null)
    {
        var kept = SessionFile.TryRead(File, time.GetUtcNow());
        var trust = TrustToSignIn();
        // Before a password is asked for.
        if (trust.WhyNot(Site) is { } insecure) throw new PlayerException(insecure);
        if (IsGood(kept))
        {
            try
            {
                return await ask(new(kept, time), cancellationToken);
            }
            catch (SiteException error) when (error.IsUnauthorized)
            {
                // The session was ended at the site: a new one may do.
            }
        }

        var user = User ?? kept?.User ?? throw new PlayerException("Nobody is signed in: say who you are with --user.");
        kept?.Dispose();
        var session = await SignInAsync(trust, user, await AskPassword(user, cancellationToken), toPlay, time, cancellationToken);
        // To the disk, which takes a while, beside what the viewer waits for.
        var keeping = KeepAsync(session);
        try
        {
            return await ask(new(session, time), cancellationToken);
        }
        finally
        {
            await keeping;
        }
    }

    private Task<ReservedPlay> ReserveAsync(Func<SiteClient, CancellationToken, Task<ContentId>> find, string root, TimeProvider time, CancellationToken cancellationToken) => UseAsync(
        async (site, stop) =>
        {
            var folder = ReservedFolder.Open(root, await find(site, stop));
            try
            {
                return new ReservedPlay(folder, Remember(await folder.AskAsync(site, CountsSeeks, stop)));
            }
            catch
            {
                folder.Dispose();
                throw;
            }
        },
        time,
        cancellationToken);

    /// <summary>Whether a session that is kept is the one to ask with.</summary>
    private bool IsGood([NotNullWhen(true)] ViewerSession? kept) =>
        !SignInAnew && kept is not null && kept.Site == Site && (Trust.Pins is not { } named || kept.Trust.Pins?.All.Contains(named.Shown) == true) && (User is null || User == kept.User);

    private SiteTrust TrustToDial(TimeProvider time)
    {
        // A pin is all that a connection takes; what is kept is not read first.
        if (SignInAnew && Trust.Pins is not null) return Trust;
        using var kept = SessionFile.TryRead(File, time.GetUtcNow());
        return IsGood(kept) ? kept.Trust : TrustToSignIn();
    }

    private SiteTrust TrustToSignIn()
    {
        var before = SessionFile.TrustOf(File, Site);
        return new(Trust.Pins ?? before?.Pins, Trust.InsecureHttp || before is { InsecureHttp: true });
    }

    // Beside what the viewer waits for.
    private PlayGrant Remember(PlayGrant grant)
    {
        _ = Task.Run(() => KnownServers.Keep(ServersFile, Site, grant.Access.Servers));
        return grant;
    }

    private async Task KeepAsync(ViewerSession session)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(File))!);
            await SessionFile.WriteAsync(File, session);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // What was asked for is granted all the same; the password is asked for again next time.
        }
    }

    private async Task<ViewerSession> SignInAsync(SiteTrust trust, string user, string password, ContentId? toPlay, TimeProvider time, CancellationToken cancellationToken)
    {
        using var device = ThisDevice();
        if (toPlay is { } content) return await SiteClient.SignInToPlayAsync(Site, trust, user, password, device, content, CountsSeeks, time, cancellationToken);
        return device is null
            ? await SiteClient.SignInAsync(Site, trust, user, password, time, cancellationToken)
            : await SiteClient.SignInAsync(Site, trust, user, password, device, time, cancellationToken);
    }

    /// <summary>This device's keys; null where nothing can be kept: then it is another device each time.</summary>
    private static DeviceKey? ThisDevice()
    {
        try
        {
            return DeviceKey.LoadOrCreate(DeviceFile);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The content with an id or a title.</summary>
    /// <exception cref="PlayerException">There is none, or more than one.</exception>
    public static async Task<ContentId> FindAsync(SiteClient site, string content, CancellationToken cancellationToken)
    {
        if (ContentId.TryParse(content, out var id)) return id;
        var contents = await site.GetContentsAsync(cancellationToken);
        var found = contents.Where(summary => summary.Title.Equals(content, StringComparison.OrdinalIgnoreCase)).ToList();
        return found switch
        {
            [var one] => one.Id,
            [] => throw new PlayerException($"There is no content with the title or id '{content}'."),
            _ => throw new PlayerException($"{found.Count} contents have the title '{content}': name one by its id: {string.Join(", ", found.Take(5).Select(summary => summary.Id))}{(found.Count > 5 ? ", …" : "")}."),
        };
    }
}
