using Scdn.Grains.Devices;
using Scdn.Grains.Storage;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Devices;

[TestFixture]
internal sealed class DeviceGrainTests
{
    [Test]
    public void Lets_as_many_devices_sign_in_as_there_may_be_and_refuses_the_next()
    {
        var two = SignIn(SignIn(null, "a", 2).Granted(), "b", 2).Granted();

        Assert.That(SignIn(two, "c", 2).Refusal, Is.EqualTo(Refusal.Denied("This account is used on 2 devices already, and may be used on 2: ask whoever gave it to you to remove one of them.")));
    }

    [Test]
    public void Counts_a_device_that_signs_in_again_once_and_notes_when()
    {
        var again = SignIn(SignIn(null, "a", 1).Granted(), "a", 1, Now + Hour).Granted();

        Assert.That(again.Devices, Is.EqualTo(new[] { new Device("a", Now, Now + Hour) }));
    }

    [Test]
    public void Lets_devices_that_are_known_sign_in_although_the_limit_was_lowered()
    {
        var two = SignIn(SignIn(null, "a", null).Granted(), "b", null).Granted();

        Assert.That(SignIn(two, "b", 1).Refused(), Is.Null);
        Assert.That(SignIn(two, "c", 1).Refused(), Is.EqualTo(RefusalKind.Denied));
    }

    [Test]
    public void Lets_another_device_take_the_place_of_one_that_was_removed()
    {
        var none = DeviceGrain.Remove(SignIn(null, "a", 1).Granted(), "a").Granted();

        Assert.That(SignIn(none, "b", 1).Granted().Devices.Single().Key, Is.EqualTo("b"));
        Assert.That(DeviceGrain.Remove(none, "a").Refused(), Is.EqualTo(RefusalKind.NotFound));
        Assert.That(DeviceGrain.Remove(null, "a").Refused(), Is.EqualTo(RefusalKind.NotFound));
    }

    [Test]
    public void Remembers_a_hundred_without_a_limit_and_forgets_the_one_that_was_not_seen_for_longest()
    {
        DevicesState? state = null;
        for (var number = 0; number < DeviceGrain.MaxDevices; number++) state = SignIn(state, $"{number}", null, Now + TimeSpan.FromSeconds(number)).Granted();
        state = SignIn(state, "0", null, Now + Hour).Granted();
        state = SignIn(state, "new", null, Now + Hour).Granted();

        Assert.That(state.Devices, Has.Count.EqualTo(DeviceGrain.MaxDevices));
        Assert.That(state.Devices.Select(device => device.Key), Does.Contain("0").And.Contain("new").And.Not.Contain("1"));
    }

    private static Change<DevicesState> SignIn(DevicesState? state, string key, int? limit, DateTimeOffset? now = null) => DeviceGrain.SignIn(state, key, limit, now ?? Now);
}
