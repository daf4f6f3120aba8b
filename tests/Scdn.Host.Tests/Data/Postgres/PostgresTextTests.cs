using Scdn.Grains;
using Scdn.Grains.Users;
using Scdn.Host.Data;

namespace Scdn.Host.Tests.Data.Postgres;

[CancelAfter(60_000)]
internal sealed class PostgresTextTests() : StoreFixture(Engine.Postgres)
{
    [Test]
    public async Task Text_with_a_nul_is_the_fault_of_who_sent_it(CancellationToken cancel)
    {
        var looked = await CaughtAsync(() => Process.Grains.LoadAsync<UserState>("user/a\0b", cancel));
        var kept = await CaughtAsync(() => Process.Grains.ChangeAsync<UserState>("user/a\0b", _ => new UserState("a", null, default), cancel));

        Assert.That((looked?.ToRefusal().Kind, kept?.ToRefusal().Kind), Is.EqualTo((RefusalKind.Invalid, RefusalKind.Invalid)));
    }

    private static async Task<StoreException?> CaughtAsync(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (StoreException fault)
        {
            return fault;
        }
    }
}
