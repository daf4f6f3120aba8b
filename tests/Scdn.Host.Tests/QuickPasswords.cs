using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Tests;

/// <summary>Signing in costs a tenth of a second of a core on purpose; these tests do it a thousand times, and are not about that.</summary>
[SetUpFixture]
public sealed class QuickPasswords
{
    /// <summary>What it costs outside of tests.</summary>
    internal static int UsualIterations { get; private set; }

    [OneTimeSetUp]
    public void Set() => (UsualIterations, Passwords.Iterations) = (Passwords.Iterations, 1000);
}
