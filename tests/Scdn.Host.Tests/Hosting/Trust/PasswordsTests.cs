using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Tests.Hosting.Trust;

[CancelAfter(60_000)]
internal sealed class PasswordsTests
{
    [Test]
    public void Cost_what_is_advised() => Assert.That(QuickPasswords.UsualIterations, Is.GreaterThanOrEqualTo(210_000));

    [Test]
    public async Task Are_kept_with_their_cost_and_told_from_others(CancellationToken cancel)
    {
        var kept = await Passwords.HashAsync("a long password", cancel);

        Assert.That(kept, Does.StartWith($"pbkdf2-sha512${Passwords.Iterations}$").And.Not.Contains("a long password"));
        Assert.That(await Passwords.VerifyAsync(kept, "a long password", cancel), Is.True);
        Assert.That(await Passwords.VerifyAsync(kept, "another password", cancel), Is.False);
        Assert.That(await Passwords.VerifyAsync(null, "a long password", cancel), Is.False);
    }
}
