using Scdn.Format;

namespace Scdn.Cli.Publishers;

/// <summary>A new key for this user, with the former one's signature under it.</summary>
internal static class KeyRotation
{
    /// <summary>Rotates; for whoever holds the <see cref="PublisherLock"/>.</summary>
    /// <exception cref="CliException">There is no key.</exception>
    public static Succession Run(DateTimeOffset now)
    {
        using var former = PublisherIdentity.TryLoad() ?? throw new CliException("You have no publisher's key to rotate: 'scdn keygen' makes the first one.");
        using var key = PublisherKey.Generate();
        var succession = Succession.Make(former, key, now);
        // The order is what makes it safe to be cut short: all that the new state needs is on disk before the one rename that begins it. Cut short before that, the old key is
        // in its place as ever; the copy among the former ones and a succession to a key that nobody has stand there unused, and the next rotation writes over them.
        FormerKeys.Keep(former, succession);
        PublisherIdentity.Replace(key);
        return succession;
    }
}
