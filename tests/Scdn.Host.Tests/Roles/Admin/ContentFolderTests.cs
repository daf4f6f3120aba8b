using System.Net.Http.Json;
using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.Roles;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Admin;

public sealed class ContentFolderTests
{
    private static readonly DateTime LongAgo = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private TempFolder _folder = null!;
    private RunningHost _host = null!;
    private string _films = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _folder = new TempFolder();
        _films = Directory.CreateDirectory(_folder["films"]).FullName;
        _host = await StartHostAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Publishes_a_media_file_and_keeps_its_key()
    {
        await PutFilmAsync("film.mp4");

        var content = await OnlyContentAsync();

        Assert.That((content.Title, content.Version, content.Protected), Is.EqualTo(("film", 1, true)));
    }

    [Test]
    public async Task Says_once_that_the_folder_is_watched()
    {
        await PutFilmAsync("film.mp4");
        await OnlyContentAsync();

        Assert.That(_host.Log.Split("is watched"), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task A_changed_file_is_the_next_version_of_the_same_content()
    {
        await PutFilmAsync("film.mp4");
        var first = await OnlyContentAsync();

        await PutFilmAsync("film.mp4", seconds: 2);

        await Eventually.HoldsAsync(async () => await OnlyContentAsync() is { Version: 2 } second && second.Id == first.Id, "version 2 was published");
    }

    [Test]
    public async Task A_version_that_was_begun_before_goes_on_with_its_key()
    {
        await PutFilmAsync("film.mp4");
        var first = await OnlyContentAsync();
        using var begun = ContentKey.Generate();
        (await _host.Operator.PutAsJsonAsync($"/v1/admin/content-keys/{first.Id}", new ContentKeyDeposit(first.Id, 2, begun.Bytes.ToArray()), Viewer.Json)).EnsureSuccessStatusCode();

        await PutFilmAsync("film.mp4", seconds: 2);

        await Eventually.HoldsAsync(async () => (await OnlyContentAsync()).Version == 2, "version 2 was published");
        var header = await Header.ReadAsync(Path.Combine(_folder["data"], "origin", "contents", $"{first.Id}", "2", "header.enp"), CancellationToken.None);
        Assert.That(header.Accepts(begun));
    }

    [Test]
    public async Task A_deleted_file_withdraws_its_content_and_putting_it_back_restores_it()
    {
        await PutFilmAsync("film.mp4");
        var before = await OnlyContentAsync();

        File.Move(Path.Combine(_films, "film.mp4"), _folder["aside.mp4"]);
        await Eventually.HoldsAsync(async () => (await ContentsAsync()).Count == 0, "the content was withdrawn");
        File.Move(_folder["aside.mp4"], Path.Combine(_films, "film.mp4"));

        Assert.That(await OnlyContentAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task A_touched_file_is_not_published_again()
    {
        await PutFilmAsync("film.mp4");
        var before = await OnlyContentAsync();

        File.SetLastWriteTimeUtc(Path.Combine(_films, "film.mp4"), LongAgo);
        await LogSaysAsync("'film.mp4' has the same bytes as before");

        Assert.That(await OnlyContentAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task A_deleted_file_that_is_put_back_as_a_copy_restores_its_content()
    {
        await PutFilmAsync("film.mp4");
        var before = await OnlyContentAsync();

        File.Delete(Path.Combine(_films, "film.mp4"));
        await Eventually.HoldsAsync(async () => (await ContentsAsync()).Count == 0, "the content was withdrawn");
        await PutFilmAsync("film.mp4");
        File.SetLastWriteTimeUtc(Path.Combine(_films, "film.mp4"), LongAgo);

        Assert.That(await OnlyContentAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task A_renamed_file_stays_what_it_is()
    {
        await PutFilmAsync("film.mp4");
        var before = await OnlyContentAsync();

        File.Move(Path.Combine(_films, "film.mp4"), Path.Combine(_films, "other.mp4"));
        await LogSaysAsync("was renamed to 'other.mp4'");

        Assert.That((await OnlyContentAsync()).Id, Is.EqualTo(before.Id));
    }

    [Test]
    public async Task A_folder_that_disappears_withdraws_nothing_and_says_so()
    {
        await PutFilmAsync("film.mp4");
        _ = await OnlyContentAsync();

        Directory.Move(_films, _folder["unmounted"]);
        await LogSaysAsync("is not there or can't be read: nothing is withdrawn");
        Directory.CreateDirectory(_films);
        await LogSaysAsync("is not the one that was watched");

        Assert.That(await ContentsAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_was_published_survives_a_restart_and_is_not_split_again()
    {
        await PutFilmAsync("film.mp4");
        var before = await OnlyContentAsync();
        await _host.DisposeAsync();

        _host = await StartHostAsync();
        await PutFilmAsync("second.mp4");
        await Eventually.HoldsAsync(async () => (await ContentsAsync()).Count == 2, "the second film was published");

        Assert.That((await ContentsAsync())[0], Is.EqualTo(before));
    }

    [Test]
    public async Task What_was_deleted_while_nobody_watched_is_withdrawn_at_the_start()
    {
        await PutFilmAsync("film.mp4");
        _ = await OnlyContentAsync();
        await _host.DisposeAsync();
        File.Delete(Path.Combine(_films, "film.mp4"));

        _host = await StartHostAsync();

        await Eventually.HoldsAsync(async () => (await ContentsAsync()).Count == 0, "the content was withdrawn");
    }

    [Test]
    public async Task A_text_file_named_mp4_and_an_empty_one_are_refused_and_said_so()
    {
        Put("text.mp4", "This is no film.");
        Put("empty.mp4", "");

        await LogSaysAsync("'text.mp4': the file format is incorrect");
        await LogSaysAsync("'empty.mp4': the file format is incorrect");

        Assert.That(_host.Log, Does.Not.Contain("--format"), "a folder has no such option");
        Assert.That(await ContentsAsync(), Is.Empty);
        Assert.That(Directory.EnumerateFileSystemEntries(Path.Combine(_folder["data"], "origin", "incoming")), Is.Empty);
    }

    [Test]
    public async Task A_link_is_not_followed_and_said_so()
    {
        File.Copy(await SampleFilm.OfAsync(seconds: 1), _folder["secret.mp4"]);

        File.CreateSymbolicLink(Path.Combine(_films, "link.mp4"), _folder["secret.mp4"]);
        Directory.CreateSymbolicLink(Path.Combine(_films, "folder"), _folder.Path);
        await LogSaysAsync("'link.mp4' in the content folder is a link");
        await LogSaysAsync("'folder' in the content folder is a link");

        Assert.That(await ContentsAsync(), Is.Empty);
    }

    [Test]
    public async Task Hidden_and_temporary_files_are_passed_over()
    {
        Put(".hidden.mp4", "no film");
        Put("film.mp4.part", "half a film");
        Put("seen.mp4", "no film either");

        await LogSaysAsync("'seen.mp4': the file format is incorrect");

        Assert.That(_host.Log, Does.Not.Contain("hidden").And.Not.Contain(".part"));
    }

    [Test]
    public async Task A_ready_set_is_taken_in_once_all_of_it_is_there()
    {
        using var sample = await SplitSample.MakeAsync();
        var parts = sample.Split.Header.Parts;
        ContentKeyFile.Write(Path.Combine(_films, "set.key"), sample.Content, sample.Split.Key!);
        foreach (var part in parts.Skip(1)) File.WriteAllBytes(Path.Combine(_films, part.Id.ToString()), sample.BytesOf(part.Id));
        File.WriteAllBytes(Path.Combine(_films, "set.enp"), sample.Split.Header.File.ToArray());
        File.SetLastWriteTimeUtc(Path.Combine(_films, "set.enp"), LongAgo);
        await LogSaysAsync("'set.enp' waits for 1 of its");

        File.WriteAllBytes(Path.Combine(_films, parts[0].Id.ToString()), sample.BytesOf(parts[0].Id));

        Assert.That((await OnlyContentAsync()).Id, Is.EqualTo(sample.Content));
    }

    [Test]
    public async Task A_ready_set_of_a_publisher_who_is_not_trusted_waits_until_the_host_is_started_with_them()
    {
        using var sample = await SplitSample.MakeAsync();
        using var other = PublisherKey.Generate();
        await RestartAsync("--trust", other.Id.ToString());
        ContentKeyFile.Write(Path.Combine(_films, "set.key"), sample.Content, sample.Split.Key!);
        PutSet(sample, _films);
        await PutFilmAsync("film.mp4");
        await LogSaysAsync($"'set.enp': Content {sample.Content} is signed by publisher {sample.Split.Header.Publisher}, whom this host does not trust");
        // What the host signs itself is no question of trust.
        var before = await OnlyContentAsync();

        await RestartAsync("--trust", other.Id.ToString(), sample.Split.Header.Publisher.ToString());

        await Eventually.HoldsAsync(async () => (await ContentsAsync()).Count == 2, "the set was published");
        Assert.That(before.Title, Is.EqualTo("film"));
    }

    [Test]
    public async Task A_ready_set_that_is_there_twice_stays_published_until_both_are_gone()
    {
        using var sample = await SplitSample.MakeAsync();
        string[] folders = [.. new[] { "a", "b" }.Select(name => Directory.CreateDirectory(Path.Combine(_films, name)).FullName)];
        foreach (var folder in folders)
        {
            ContentKeyFile.Write(Path.Combine(folder, "set.key"), sample.Content, sample.Split.Key!);
            PutSet(sample, folder);
        }

        await LogSaysAsync("'a/set.enp' is published");
        await LogSaysAsync("'b/set.enp' is published");
        File.Delete(Path.Combine(folders[0], "set.enp"));
        await LogSaysAsync("'a/set.enp' was deleted");
        var afterOne = await ContentsAsync();
        File.Delete(Path.Combine(folders[1], "set.enp"));
        await Eventually.HoldsAsync(async () => (await ContentsAsync()).Count == 0, "the content was withdrawn");

        Assert.That(afterOne, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_linked_key_of_a_ready_set_is_not_followed()
    {
        using var sample = await SplitSample.MakeAsync();
        ContentKeyFile.Write(_folder["elsewhere.key"], sample.Content, sample.Split.Key!);
        File.CreateSymbolicLink(Path.Combine(_films, "set.key"), _folder["elsewhere.key"]);
        PutSet(sample, _films);

        await LogSaysAsync("'set.key' is a link, and links are not followed");

        Assert.That(await ContentsAsync(), Is.Empty);
    }

    [Test]
    public async Task A_ready_set_with_a_corrupt_part_is_refused()
    {
        using var sample = await SplitSample.MakeAsync();
        ContentKeyFile.Write(Path.Combine(_films, "set.key"), sample.Content, sample.Split.Key!);
        foreach (var part in sample.Split.Header.Parts)
        {
            var bytes = sample.BytesOf(part.Id);
            bytes[7] ^= 1;
            File.WriteAllBytes(Path.Combine(_films, part.Id.ToString()), bytes);
        }

        File.WriteAllBytes(Path.Combine(_films, "set.enp"), sample.Split.Header.File.ToArray());
        File.SetLastWriteTimeUtc(Path.Combine(_films, "set.enp"), LongAgo);

        await LogSaysAsync("is not intact");
        Assert.That(await ContentsAsync(), Is.Empty);
    }

    [Test]
    public async Task Operators_see_live_what_happens_to_the_folder()
    {
        using var stream = await _host.Operator.GetStreamAsync("/v1/admin/events");
        using var lines = new StreamReader(stream);

        // One such event may fall before the follower has caught up; a second one can't.
        Put("one.mp4", "no film");
        await LogSaysAsync("'one.mp4'");
        Put("two.mp4", "no film");
        string? line;
        do line = await lines.ReadLineAsync();
        while (line is not null && !line.Contains("two.mp4", StringComparison.Ordinal));

        Assert.That(JsonSerializer.Deserialize<LiveEvent>(line!, Viewer.Json)!.Kind, Is.EqualTo("folder"));
    }

    [Test]
    public async Task Subfolders_are_watched_too()
    {
        Directory.CreateDirectory(Path.Combine(_films, "series"));
        await PutFilmAsync("series/first.mp4");

        Assert.That((await OnlyContentAsync()).Title, Is.EqualTo("first"));
    }

    private Task<RunningHost> StartHostAsync(params string[] options) => RunningHost.StartAsync(_folder["data"], "admin,gateway", ["--content-folder", _films, .. options]);

    private async Task RestartAsync(params string[] options)
    {
        await _host.DisposeAsync();
        _host = await StartHostAsync(options);
    }

    private void Put(string name, string text)
    {
        var path = Path.Combine(_films, name);
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, LongAgo);
    }

    /// <summary>Parts and header; the key is up to the test.</summary>
    private static void PutSet(SplitSample sample, string folder)
    {
        foreach (var part in sample.Split.Header.Parts) File.WriteAllBytes(Path.Combine(folder, part.Id.ToString()), sample.BytesOf(part.Id));
        File.WriteAllBytes(Path.Combine(folder, "set.enp"), sample.Split.Header.File.ToArray());
        File.SetLastWriteTimeUtc(Path.Combine(folder, "set.enp"), LongAgo);
    }

    /// <summary>As a careful uploader does: written under another name, then renamed, which makes it complete at once.</summary>
    private async Task PutFilmAsync(string name, int seconds = 1)
    {
        var partial = Path.Combine(_films, $"{name}.part");
        File.Copy(await SampleFilm.OfAsync(seconds), partial);
        File.Move(partial, Path.Combine(_films, name), overwrite: true);
    }

    private Task LogSaysAsync(string text) => Eventually.HoldsAsync(() => _host.Log.Contains(text, StringComparison.Ordinal), $"the log says: {text}");

    private Task<ContentStatus> OnlyContentAsync() => Eventually.GetAsync(
        async () => await ContentsAsync() is [var only] ? only : null, "one content is published");

    private async Task<List<ContentStatus>> ContentsAsync() => (await _host.Operator.GetFromJsonAsync<List<ContentStatus>>("/v1/admin/contents", Viewer.Json))!;
}
