using Scdn.Host.Hosting;

namespace Scdn.Host.Tests.Hosting;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SharedAnswersTests
{
    private readonly SharedAnswers<string, int> _answers = new();
    private int _asked;

    [Test]
    public async Task Asks_once_for_all_who_ask_at_the_same_time()
    {
        var answer = new TaskCompletionSource<int>();
        var all = Enumerable.Range(0, 5).Select(_ => FindAsync(() => answer.Task, isKept: false)).ToList();
        answer.SetResult(7);
        Assert.That(await Task.WhenAll(all), Is.All.EqualTo(7));
        Assert.That(_asked, Is.EqualTo(1));
    }

    [TestCase(false, 2)]
    [TestCase(true, 1)]
    public async Task Asks_anew_unless_the_answer_is_kept(bool isKept, int asked)
    {
        await FindAsync(() => Task.FromResult(1), isKept);
        await FindAsync(() => Task.FromResult(1), isKept);
        Assert.That((_asked, _answers.Count), Is.EqualTo((asked, isKept ? 1 : 0)));
    }

    [Test]
    public async Task Gives_a_fault_to_all_and_keeps_none()
    {
        var answer = new TaskCompletionSource<int>();
        var all = Enumerable.Range(0, 2).Select(_ => FindAsync(() => answer.Task, isKept: true)).ToList();
        answer.SetException(new IOException("gone"));
        foreach (var one in all) Assert.That(async () => await one, Throws.InstanceOf<IOException>());
        Assert.That(await FindAsync(() => Task.FromResult(3), isKept: true), Is.EqualTo(3));
    }

    [Test]
    public async Task Forgets_one_answer_and_not_the_next()
    {
        var first = FindAsync(() => Task.FromResult(1), isKept: true);
        _answers.Forget("question", first);
        var second = FindAsync(() => Task.FromResult(2), isKept: true);
        _answers.Forget("question", first);
        Assert.That(await FindAsync(() => Task.FromResult(3), isKept: true), Is.EqualTo(await second));
    }

    private Task<int> FindAsync(Func<Task<int>> ask, bool isKept)
    {
        return _answers.FindAsync("question", CountedAsync, _ => isKept);

        Task<int> CountedAsync()
        {
            _asked++;
            return ask();
        }
    }
}
