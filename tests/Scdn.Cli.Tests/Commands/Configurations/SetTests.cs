namespace Scdn.Cli.Tests.Commands.Configurations;

internal sealed class SetTests : CliFixture
{
    [Test]
    public async Task Says_which_setting_has_no_value() =>
        Assert.That(await RefusedAsync("config", "set", "key-lifetime", "01:00:00", "session-lifetime"), Does.Contain("'session-lifetime' has no value"));

    [Test]
    public async Task Takes_each_setting_once() =>
        Assert.That(await RefusedAsync("config", "set", "key-lifetime", "01:00:00", "key-lifetime", "02:00:00"), Does.Contain("'key-lifetime' is named twice"));
}
