using Scdn.Format.Wire;
using Scdn.Grains.Configurations;
using Scdn.Grains.Storage;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Configurations;

[TestFixture]
internal sealed class ConfigurationGrainTests
{
    private static readonly Author Ann = new("ann", OperatorRole.Operator, "control");
    private static readonly Author Owner = new("owen", OperatorRole.Owner, "gateway-2");

    [Test]
    public void Sets_what_is_in_force_and_notes_who_did_it()
    {
        var state = Set(null, Ann, ("session-lifetime", "06:00:00")).Granted();

        Assert.That(ConfigurationGrain.Read(state).Settings.SessionLifetime, Is.EqualTo(TimeSpan.FromHours(6)));
        Assert.That((state.History.Single().By, state.History.Single().Through, state.History.Single().At), Is.EqualTo(("ann", "control", Now)));
        Assert.That(state.History.Single().Changes, Is.EqualTo(new[] { new SettingChange("session-lifetime", null, "06:00:00") }));
    }

    [Test]
    public void Takes_a_setting_back_to_its_default()
    {
        var state = Set(Set(null, Ann, ("session-lifetime", "06:00:00")).Granted(), Ann, ("session-lifetime", null)).Granted();

        Assert.That((ConfigurationGrain.Read(state).Settings.SessionLifetime, state.Values.Count), Is.EqualTo((Settings.Default.SessionLifetime, 0)));
    }

    [Test]
    public void Says_all_faults_together_and_changes_nothing()
    {
        var refused = Set(null, Owner, ("session-lifetime", "2.00:00:00"), ("key-lifetime", "00:00:01"), ("billing.attempts", "6"), ("nothing", "x"), ("billing.private-addresses", "10.0.0.1/8"));

        Assert.That(refused.Refusal?.Kind, Is.EqualTo(RefusalKind.Invalid));
        Assert.That(
            refused.Refusal?.Detail,
            Does.Contain("session-lifetime: it takes a time from 00:01:00 to 1.00:00:00.").And.Contain("key-lifetime:").And.Contain("billing.attempts:").And.Contain("no setting 'nothing'").And.Contain("billing.private-addresses:"));
    }

    [TestCase("session-lifetime", "12")]
    [TestCase("session-lifetime", "00:00:59")]
    [TestCase("session-lifetime", "-01:00:00")]
    [TestCase("billing.attempts", "0")]
    [TestCase("billing.attempts", "+1")]
    [TestCase("billing.url", "ftp://billing.example")]
    [TestCase("billing.url", "billing")]
    [TestCase("billing.url", "https://user:secret@billing.example/")]
    [TestCase("billing.private-addresses", "")]
    [TestCase("mirrors", "")]
    [TestCase("mirrors", "https://mirror.example/parts,")]
    [TestCase("mirrors", "https://mirror.example/parts,parts")]
    [TestCase("mirrors", "https://user:secret@mirror.example/parts")]
    [TestCase("mirrors", "http://m1,http://m2,http://m3,http://m4,http://m5,http://m6,http://m7,http://m8,http://m9,http://m10,http://m11")]
    public void Refuses_a_value_and_does_not_repeat_it(string name, string value)
    {
        var refused = Set(null, Owner, (name, value));

        Assert.That(refused.Refused(), Is.EqualTo(RefusalKind.Invalid));
        Assert.That(refused.Refusal!.Detail, Does.StartWith(name).And.Not.Contain("secret"));
    }

    [Test]
    public void Reads_mirrors_each_once_and_shows_them_in_one_form()
    {
        var state = Set(null, Ann, ("mirrors", "https://mirror.example/parts,http://192.0.2.7:8080,https://mirror.example/parts/")).Granted();

        Assert.That(ConfigurationGrain.Read(state).Settings.Mirrors, Is.EqualTo(new Uri[] { new("https://mirror.example/parts/"), new("http://192.0.2.7:8080/") }));
        Assert.That(state.Values["mirrors"], Is.EqualTo("https://mirror.example/parts/,http://192.0.2.7:8080/"));
    }

    [TestCase("session-lifetme", "session-lifetime")]
    [TestCase("attempts", "billing.attempts")]
    [TestCase("Billing.URL", "billing.url?")]
    [TestCase("lifetime", "session-lifetime or key-lifetime?")]
    public void Names_what_may_have_been_meant(string meant, string near) =>
        Assert.That(Set(null, Owner, (meant, "1")).Refusal?.Detail, Does.Contain($"did you mean {near}"));

    [Test]
    public void Says_where_all_are_listed_when_none_is_near() => Assert.That(Set(null, Owner, ("zzzz", "1")).Refusal?.Detail, Does.EndWith("'zzzz': 'scdn config show' lists those there are."));

    [Test]
    public void Refuses_a_change_that_was_made_from_another_version()
    {
        var state = Set(null, Ann, ("session-lifetime", "06:00:00")).Granted();
        var late = ConfigurationGrain.Edit(state, new(0, new Dictionary<string, string?> { ["key-lifetime"] = "01:00:00" }), Owner, Now);

        Assert.That(late.Refused(), Is.EqualTo(RefusalKind.Conflict));
        Assert.That(late.Refusal!.Detail, Does.Contain("version 1 by now, of operator 'ann'"));
    }

    [Test]
    public void Leaves_billing_to_owners()
    {
        var refused = Set(null, Ann, ("billing.url", "https://billing.example/"), ("session-lifetime", "06:00:00"));

        Assert.That(refused.Refused(), Is.EqualTo(RefusalKind.Denied));
        Assert.That(refused.Refusal!.Detail, Does.StartWith("billing.url: only an owner"));
        Assert.That(Set(null, Owner, ("billing.url", "https://billing.example/")).Granted().Values["billing.url"], Is.EqualTo("https://billing.example/"));
    }

    [Test]
    public void Lets_an_operator_repeat_what_an_owner_has_set()
    {
        var state = Set(null, Owner, ("billing.attempts", "3")).Granted();

        Assert.That(Set(state, Ann, ("billing.attempts", "3")).IsNone(), Is.True);
    }

    [TestCase("http://127.0.0.1:7500/billing")]
    [TestCase("http://[::1]/")]
    [TestCase("http://[::ffff:10.0.0.1]/")]
    public void Asks_billing_at_a_private_address_only_when_that_is_listed(string url)
    {
        var refused = Set(null, Owner, ("billing.url", url));
        var listed = Set(null, Owner, ("billing.url", url), ("billing.private-addresses", "127.0.0.0/8,::1,10.0.0.0/8")).Granted();

        Assert.That(refused.Refusal?.Detail, Does.Contain("billing.private-addresses"));
        Assert.That(Set(listed, Owner, ("billing.private-addresses", null)).Refused(), Is.EqualTo(RefusalKind.Invalid));
    }

    [Test]
    public void Goes_back_to_a_version_in_a_version_of_its_own()
    {
        var first = Set(null, Ann, ("session-lifetime", "06:00:00"), ("key-lifetime", "02:00:00")).Granted();
        var third = Set(Set(first, Ann, ("session-lifetime", "07:00:00")).Granted(), Ann, ("session-lifetime", null), ("key-lifetime", "03:00:00")).Granted();
        var back = ConfigurationGrain.Revert(third, new(3, 1), Ann, Now).Granted();

        Assert.That(back.Values, Is.EquivalentTo(first.Values));
        Assert.That((back.History[^1].Version, back.History[^1].Reverted), Is.EqualTo((4L, 1L)));
        Assert.That(ConfigurationGrain.Revert(back, new(4, 0), Ann, Now).Granted().Values, Is.Empty);
    }

    [Test]
    public void Goes_back_for_an_operator_only_where_an_operator_may_set()
    {
        var state = Set(Set(null, Ann, ("session-lifetime", "06:00:00")).Granted(), Owner, ("billing.attempts", "3")).Granted();

        Assert.That(ConfigurationGrain.Revert(state, new(2, 1), Ann, Now).Refused(), Is.EqualTo(RefusalKind.Denied));
        Assert.That(ConfigurationGrain.Revert(state, new(2, 1), Owner, Now).Granted().Values, Has.Count.EqualTo(1));
    }

    [TestCase(2, 3)]
    [TestCase(2, -1)]
    public void Goes_back_to_no_version_that_there_is_not(long version, long to)
    {
        var state = Set(Set(null, Ann, ("session-lifetime", "06:00:00")).Granted(), Ann, ("session-lifetime", null)).Granted();

        Assert.That(ConfigurationGrain.Revert(state, new(version, to), Owner, Now).Refused(), Is.EqualTo(RefusalKind.NotFound));
    }

    [Test]
    public void Remembers_a_hundred_changes_and_says_so()
    {
        ConfigurationState? state = null;
        for (var i = 0; i <= ConfigurationGrain.MaxHistory; i++) state = Set(state, Ann, ("session-lifetime", $"{TimeSpan.FromMinutes(10 + i)}")).Granted();
        var version = ConfigurationGrain.VersionOf(state!);

        Assert.That((version, state!.History.Count), Is.EqualTo((101L, 100)));
        Assert.That(ConfigurationGrain.Revert(state, new(version, 1), Ann, Now).Granted().Values["session-lifetime"], Is.EqualTo("00:10:00"));
        Assert.That(ConfigurationGrain.Revert(state, new(version, 0), Ann, Now).Refusal?.Detail, Does.Contain("the oldest to go back to is 1"));
    }

    [Test]
    public void Passes_over_names_of_another_version_of_the_program()
    {
        var state = new ConfigurationState(new Dictionary<string, string> { ["from-the-future"] = "x", ["key-lifetime"] = "nonsense" }, []);

        var (settings, faults) = ConfigurationGrain.Read(state);

        Assert.That((settings, faults.Single()), Is.EqualTo((Settings.Default, "key-lifetime")));
    }

    [Test]
    public void Has_defaults_that_its_settings_take() =>
        Assert.That(Setting.All.Where(setting => setting.Read(Settings.Default) is { } text && !setting.TryPut(Settings.Default, text, out _)).Select(setting => setting.Name), Is.Empty);

    private static Change<ConfigurationState> Set(ConfigurationState? state, Author author, params (string Name, string? Value)[] values) =>
        ConfigurationGrain.Edit(state, new(state is null ? 0 : ConfigurationGrain.VersionOf(state), values.ToDictionary(one => one.Name, one => one.Value)), author, Now);
}
