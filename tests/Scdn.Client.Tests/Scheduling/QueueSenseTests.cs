using Scdn.Client.Scheduling;

namespace Scdn.Client.Tests.Scheduling;

internal sealed class QueueSenseTests
{
    private static readonly TimeSpan Way = TimeSpan.FromMilliseconds(100);

    private readonly QueueSense _sense = new();

    [TestCase(100)]
    [TestCase(124)]
    public void Allows_more_and_more_as_long_as_no_queue_stands(int milliseconds)
    {
        Answer(126, isEnough: true, times: 100);
        var before = _sense.Products;
        Answer(milliseconds, isEnough: true, times: 1);
        Assert.That(_sense.Products, Is.GreaterThan(before));

        Answer(milliseconds, isEnough: true, times: 1000);
        Assert.That(_sense.Products, Is.EqualTo(AheadSizes.MostProducts));
    }

    [Test]
    public void Allows_fewer_when_answers_begin_late_but_as_many_as_keep_the_line_full()
    {
        Answer(126, isEnough: true, times: 100);
        Assert.That(_sense.Products, Is.EqualTo(QueueSense.LeastProducts));
    }

    [Test]
    public void Takes_no_heed_of_a_queue_while_too_little_comes()
    {
        Answer(300, isEnough: false, times: 100);
        Assert.That(_sense.Products, Is.EqualTo(AheadSizes.MostProducts));

        // But knows of it as soon as enough does.
        Answer(300, isEnough: true, times: 1);
        Assert.That(_sense.Products, Is.EqualTo(QueueSense.LeastProducts));
    }

    [Test]
    public void Takes_a_server_that_is_near_to_answer_late_now_and_then()
    {
        Answer(100, isEnough: true, times: 1);
        var before = _sense.Products;
        _sense.Answered(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(1), isEnough: true);
        Assert.That(_sense.Products, Is.GreaterThan(before));
    }

    private void Answer(int milliseconds, bool isEnough, int times)
    {
        for (var time = 0; time < times; time++) _sense.Answered(TimeSpan.FromMilliseconds(milliseconds), Way, isEnough);
    }
}
