module toolchain/cni-flannel

go 1.26.0
