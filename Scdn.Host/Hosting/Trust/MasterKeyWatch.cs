using Scdn.Grains.MasterKeys;
using Scdn.Grains.Storage;
using Scdn.Host.Data;

namespace Scdn.Host.Hosting.Trust;

/// <summary>Notices within a second that the file of the master keys was changed, and answers when control hosts are asked which ones they hold.</summary>
internal sealed partial class MasterKeyWatch(MasterKey master, IGrainStore store, HostSettings settings, TimeProvider time, ILogger<MasterKeyWatch> log) : BackgroundService
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private Guid _answered;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookInterval, time);
        do
        {
            Refresh();
            try
            {
                await AnswerAsync(stoppingToken);
            }
            catch (StoreException fault) when (fault.IsTransient)
            {
                // A second later.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task AnswerAsync(CancellationToken cancel)
    {
        if (await store.LoadAsync<MasterKeyState>(MasterKeyState.Id, cancel) is not { State.Asked: var asked } || asked == _answered) return;
        // What is asked about may have come into the file since it was looked at.
        Refresh();
        var answered = await store.ChangeAsync<MasterKeyHolderState>(settings.Name, _ => new MasterKeyHolderState(master.Ids, asked), cancel);
        if (answered.IsGranted(out _, out _)) _answered = asked;
    }

    private void Refresh()
    {
        if (master.Refresh()) LogChanged(string.Join(", ", master.Ids));
    }

    [LoggerMessage(330, LogLevel.Information, "The master keys that this host holds are now {Ids}")]
    private partial void LogChanged(string ids);
}
