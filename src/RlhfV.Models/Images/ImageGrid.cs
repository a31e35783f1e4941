namespace RlhfV.Models.Images;

/// <summary>
/// How a processed picture was divided, from which its number of placeholder tokens follows. For CLIP and Muffin: one frame, one row, one
/// column. For Idefics3: frames in all, and rows and columns of tiles, both 0 when the picture was not split. For Qwen2-VL: time steps,
/// rows and columns of patches (<c>image_grid_thw</c>).
/// </summary>
/// <param name="Frames">Frames, or time steps.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
public readonly record struct ImageGrid(int Frames, int Rows, int Columns);
