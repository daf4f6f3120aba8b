using Scdn.Format;
using Scdn.Grains.FolderFiles;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Tests.FolderFiles;

public sealed class FolderFileGrainTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly ContentId Content = ContentId.New();

    [Test]
    public void A_file_that_is_being_published_says_as_what_until_it_is_taken_in()
    {
        var begun = FolderFileGrain.Begin(new FolderFileState(5, Now, Content, "refused", Now), 6, Now, Content, version: 2).Next;

        Assert.That(begun, Is.EqualTo(new FolderFileState(6, Now, Content, Publishing: 2)));
        Assert.That(FolderFileGrain.TakeIn(begun, 6, Now, Content).Next, Is.EqualTo(new FolderFileState(6, Now, Content)));
    }

    [Test]
    public void A_refused_file_keeps_the_content_that_was_published_before()
    {
        var refused = FolderFileGrain.Refuse(new FolderFileState(5, Now, Content), 6, Now, "no film").Next;

        Assert.That(refused, Is.EqualTo(new FolderFileState(6, Now, Content, "no film")));
    }

    [Test]
    public void A_file_is_lost_once_and_found_again()
    {
        var lost = FolderFileGrain.Lose(new FolderFileState(5, Now, Content), Now).Next!;

        Assert.Multiple(() =>
        {
            Assert.That(lost.Gone, Is.EqualTo(Now));
            Assert.That(FolderFileGrain.Lose(lost, Now.AddHours(1)), Is.EqualTo(Change<FolderFileState>.None));
            Assert.That(FolderFileGrain.Find(lost).Next?.Gone, Is.Null);
            Assert.That(FolderFileGrain.Lose(null, Now).Refusal?.Kind, Is.EqualTo(RefusalKind.NotFound));
        });
    }
}
