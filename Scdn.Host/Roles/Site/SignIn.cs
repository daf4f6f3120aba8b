using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;
using Scdn.Host.Data;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Site;

/// <summary>Opens a session for a viewer who knows the password, bound to the key of the viewer's client, and begins a play if that is wanted.</summary>
internal sealed class SignIn(IGrainStore store, IAdmin admin, HostSigner signer, ClusterDirectory directory, SignInLimits limits, Play play, TimeProvider time)
{
    // One sentence for an unknown user and for a wrong password: nobody finds out who has an account.
    private static readonly Refusal Wrong = Refusal.Unauthenticated("The user's name or the password is wrong.");

    /// <summary>Longer a sign-in does not wait for the play that it begins: with the session the play can be asked for again, and is counted once.</summary>
    private static readonly TimeSpan PlayPatience = TimeSpan.FromSeconds(8);

    /// <param name="request">Who, and what to play.</param>
    /// <param name="clientKeyThumbprint">The key of the viewer's client.</param>
    /// <param name="address">Where the viewer is.</param>
    /// <param name="playRefused">Told when the session is opened, but the play is refused.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Outcome<SignInAnswer>> AnswerAsync(SignInRequest request, string clientKeyThumbprint, string? address, Action<Refusal> playRefused, CancellationToken cancel)
    {
        if (limits.Charge(request.User, address ?? "") is { } tooMany) return tooMany;
        if (request.Password.Length > Passwords.MaxLength || Names.Check(request.User) is not null) return Wrong;
        var account = (await store.LoadAsync<UserState>(UserState.IdOf(request.User), cancel))?.State;
        var usable = account is { Disabled: null } ? account : null;
        if (!await Passwords.VerifyAsync(usable?.PasswordHash, request.Password, cancel) || usable is null) return Wrong;

        limits.GiveBack(request.User, address ?? "");
        if (ViewerLimits.WhyNotFrom(usable, address) is { } elsewhere) return elsewhere;
        var opened = await admin.OpenSessionAsync(new OpenSession(usable.Name, clientKeyThumbprint), cancel);
        if (!opened.IsGranted(out var session, out var refusal)) return refusal;
        var answer = new SignInAnswer(session.Id, SessionCredential.Sign(signer, session, clientKeyThumbprint), session.Expires, Sites());
        if (request.Play is null) return answer;
        var begun = await BeginAsync(new ViewerCaller(session.Id, usable.Name, session.Expires), request.Play, address, cancel);
        if (begun.IsGranted(out var granted, out var noPlay)) return answer with { Play = granted };
        playRefused(noPlay);
        return answer with { PlayRefused = new(Problems.Status(noPlay.Kind), noPlay.Detail) };
    }

    // Whatever becomes of the play, the session is open, and its credential must come to the viewer.
    private async Task<Outcome<PlayAnswer>> BeginAsync(ViewerCaller viewer, PlayRequest request, string? address, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(PlayPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            return await play.BeginAsync(viewer, request, address, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Refusal.Unavailable("The play could not be begun so soon: ask for it again.");
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            return fault.ToRefusal();
        }
    }

    /// <summary>Every control host that is a contents site.</summary>
    private IReadOnlyList<ControlAddress> Sites() => [.. directory.ControlHosts.Where(host => host.State.Roles.Contains("site", StringComparer.Ordinal)).Select(host => new ControlAddress(host.State.Uri, host.State.Pins))];
}
