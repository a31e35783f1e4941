using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace RlhfV.Training.Runs;

/// <summary>
/// TensorBoard's event file: TFRecord frames (length, masked CRC32C of it, data, masked CRC32C of that) around <c>tensorflow.Event</c>
/// messages, of which only the few fields of scalars are needed (tensorflow/core/util/event.proto, lib/io/record_writer.h).
/// </summary>
/// <param name="folder">Where the file is made. Every process makes one of its own; TensorBoard reads them together.</param>
internal sealed class TensorBoardLog(string folder) : IDisposable
{
    private FileStream? _file;

    /// <summary>Begins a file.</summary>
    /// <param name="step">Steps made before; TensorBoard then drops what an earlier process wrote after them.</param>
    public void Start(long step)
    {
        double now = Now();

        // A process that died before the first checkpoint has written steps as well, which are made again.
        bool continues = step > 0 || Directory.EnumerateFiles(folder, "events.out.tfevents.*").Any();
        string name = $"events.out.tfevents.{(long)now}.{Environment.ProcessId}.{Guid.NewGuid():N}";
        _file = new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        Write(Event(now, 0, message => message.Text(3, "brain.Event:2")));
        if (continues)
        {
            Write(Event(now, step + 1, message => message.Message(7, session => session.Number(1, 1))));
        }
    }

    /// <summary>Adds the scalars of a step.</summary>
    public void Append(TrainingProgress progress)
    {
        (string Tag, double? Value)[] scalars =
        [
            ("train/loss", progress.Loss),
            ("train/reward_margin", progress.RewardMargin),
            ("train/reward_accuracy", progress.RewardAccuracy),
            ("train/chosen_logp", progress.ChosenLogProb),
            ("train/rejected_logp", progress.RejectedLogProb),
            ("train/gradient_norm", progress.GradientNorm),
            ("train/learning_rate", progress.LearningRate),
            ("validation/loss", progress.ValidationLoss),
            ("validation/reward_accuracy", progress.ValidationAccuracy),
            ("speed/pairs_per_second", progress.PairsPerSecond),
            ("speed/tokens_per_second", progress.TokensPerSecond),
            ("memory/working_set_bytes", progress.WorkingSet),
        ];
        Write(Event(Now(), progress.Step, message => message.Message(5, summary =>
        {
            foreach ((string tag, double? value) in scalars)
            {
                if (value is { } number)
                {
                    summary.Message(1, entry => entry.Text(1, tag).Single(2, (float)number));
                }
            }
        })));
        _file!.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private static double Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;

    private static byte[] Event(double time, long step, Action<ProtobufMessage> fill)
    {
        var message = new ProtobufMessage();
        message.Double(1, time).Number(2, step);
        fill(message);
        return message.ToArray();
    }

    private void Write(byte[] data)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, data.Length);
        _file!.Write(number);
        WriteChecksum(number);
        _file.Write(data);
        WriteChecksum(data);
    }

    private void WriteChecksum(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        // The mask of TFRecord keeps checksums of data that holds checksums from being degenerate.
        crc = ~crc;
        Span<byte> masked = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(masked, unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8u));
        _file!.Write(masked);
    }

    /// <summary>The four kinds of protocol buffer fields that are needed.</summary>
    private sealed class ProtobufMessage
    {
        private readonly MemoryStream _bytes = new();

        public ProtobufMessage Number(int field, long value)
        {
            Varint((ulong)field << 3);
            Varint((ulong)value);
            return this;
        }

        public ProtobufMessage Double(int field, double value)
        {
            Varint(((ulong)field << 3) | 1);
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
            _bytes.Write(bytes);
            return this;
        }

        public ProtobufMessage Single(int field, float value)
        {
            Varint(((ulong)field << 3) | 5);
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            _bytes.Write(bytes);
            return this;
        }

        public ProtobufMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

        public ProtobufMessage Message(int field, Action<ProtobufMessage> fill)
        {
            var inner = new ProtobufMessage();
            fill(inner);
            return Bytes(field, inner.ToArray());
        }

        public byte[] ToArray() => _bytes.ToArray();

        private ProtobufMessage Bytes(int field, byte[] value)
        {
            Varint(((ulong)field << 3) | 2);
            Varint((ulong)value.Length);
            _bytes.Write(value);
            return this;
        }

        private void Varint(ulong value)
        {
            for (; value > 127; value >>= 7)
            {
                _bytes.WriteByte((byte)(value | 128));
            }

            _bytes.WriteByte((byte)value);
        }
    }
}
