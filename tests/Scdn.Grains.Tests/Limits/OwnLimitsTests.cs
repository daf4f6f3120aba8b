using System.Net;
using Scdn.Format.Wire;
using Scdn.Grains.Limits;
using Scdn.Grains.Manifests;
using Scdn.Grains.Users;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Limits;

[TestFixture]
internal sealed class OwnLimitsTests
{
    private static readonly UserState Anna = new("anna", null, Now);
    private static readonly ManifestState Film = new("A film", 1, [1], 1, 1, 1, false, "p", Now);

    [Test]
    public void Changes_what_is_named_and_leaves_the_rest()
    {
        var limited = Limit(Limit(Anna, new(Streams: "2", Addresses: "10.0.0.0/8")), new(Devices: "none"));

        Assert.That(limited.Limits, Is.EqualTo(new OwnLimits(2, 0, "10.0.0.0/8")));
    }

    [Test]
    public void Has_none_of_its_own_once_all_are_as_for_everybody() =>
        Assert.That(Limit(Limit(Anna, new("2", "3", "10.0.0.0/8")), new("default", "default", "none")).Limits, Is.Null);

    [Test]
    public void Changes_nothing_when_it_is_so_already() => Assert.That(UserGrain.Limit(Limit(Anna, new("2")), new("2")).IsNone(), Is.True);

    [Test]
    public void Says_all_that_is_wrong_at_once() => Assert.That(
        UserGrain.Limit(Anna, new("0", "101", "10.0.0.1/8")).Refusal,
        Is.EqualTo(Refusal.Invalid(
            "streams: it takes a number from 1 to 100, none or default. devices: it takes a number from 1 to 100, none or default. addresses: it takes ranges of IP addresses, such as 10.0.0.0/8,2001:db8::/32, or none.")));

    [Test]
    public void Has_no_default_for_a_content() => Assert.That(
        ManifestGrain.Limit(Film, new("default")).Refusal, Is.EqualTo(Refusal.Invalid("streams: it takes a number from 1 to 100 or none.")));

    [Test]
    public void Stays_with_a_content_whatever_its_version()
    {
        var limited = ManifestGrain.Limit(Film, new("5")).Granted();
        var next = ManifestGrain.Publish(limited, new("A film", 2, [2], 1, 1, 1, false, "p"), Now).Granted();

        Assert.That((next.Version, next.Limits), Is.EqualTo((2, new OwnLimits(5))));
        Assert.That(ManifestGrain.Limit(next, new("none")).Granted().Limits, Is.Null);
    }

    [Test]
    public void Is_of_nobody_who_is_not_there()
    {
        Assert.That(UserGrain.Limit(null, new("1")).Refused(), Is.EqualTo(RefusalKind.NotFound));
        Assert.That(ManifestGrain.Limit(null, new("1")).Refused(), Is.EqualTo(RefusalKind.NotFound));
    }

    [TestCase(null, 3, 3)]
    [TestCase(0, 3, null)]
    [TestCase(5, 3, 5)]
    [TestCase(null, null, null)]
    public void Takes_the_place_of_that_of_everybody(int? own, int? everybody, int? effective) => Assert.That(OwnLimits.Effective(own, everybody), Is.EqualTo(effective));

    [TestCase("10.1.2.3", true)]
    [TestCase("::ffff:10.1.2.3", true)]
    [TestCase("2001:db8::1", true)]
    [TestCase("192.0.2.1", false)]
    [TestCase(null, false)]
    public void Allows_addresses_of_its_ranges_only(string? address, bool allowed) =>
        Assert.That(new OwnLimits(Addresses: "10.0.0.0/8,2001:db8::/32").Allows(address is null ? null : IPAddress.Parse(address)), Is.EqualTo(allowed));

    [Test]
    public void Allows_any_address_without_ranges() => Assert.That(OwnLimits.Empty.Allows(null), Is.True);

    private static UserState Limit(UserState user, UserLimits edit) => UserGrain.Limit(user, edit).Granted();
}
